"""Runs the `@test` functions of a block (mage-format.md 3.4)."""

from wand_blocks import channel, failure, streams
from wand_blocks.call import call
from wand_blocks.failure import BlockFailure
from wand_blocks.stored import read_output


def run_tests(tests: list, outputs: list, variables: dict, task: dict) -> None:
    """
    Every test gets all outputs as a downstream block would: read again from disk. An AssertionError is a failed test and the next one runs;
    anything else ends the block at once. Failed tests fail the block.
    """
    values = [read_output(output) for output in outputs]
    results = [(function, failed_line(function, values, variables, task)) for function in tests]
    failed = [(function, line) for function, line in results if line is not None]
    streams.end_partial_lines()
    print(f'{len(tests) - len(failed)}/{len(tests)} tests passed.')
    if failed:
        raise BlockFailure(
            f"Failed to pass tests for block {task['blockUuid']}: {', '.join(function.__name__ for function, _ in failed)}",
            file=failed[0][1][0],
            line=failed[0][1][1],
            trace=False,
        )


def failed_line(function, values: list, variables: dict, task: dict) -> tuple[str, int | None] | None:
    """Calls a test and sends its result: None if it passed, else the file and the line of the assertion that failed."""
    try:
        call(function, values, variables)
    except AssertionError as error:
        streams.flush()
        message = str(error) or failure.failing_line(error) or 'assertion failed'
        channel.log(f"FAIL: {function.__name__} (block: {task['blockUuid']})", level='error')
        channel.log(failure.trace_text(error), level='error')
        channel.test(function.__name__, False, message)
        return failure.place(error, task)
    channel.test(function.__name__, True, None)
    return None
