"""The steps of one block run, from the task on standard input to the last event on file descriptor 3."""

import os
import sys

from wand_blocks import callbacks, channel, conditionals, failure, kept_code, sensor, streams, usage, worker_requests, worker_watch
from wand_blocks.block_file import load_block
from wand_blocks.call import call_block
from wand_blocks.inputs import read_inputs
from wand_blocks.outputs import store_outputs
from wand_blocks.tests import run_tests
from wand_blocks.variables import block_variables


def main() -> int:
    channel.open_channel()
    try:
        return execute(worker_watch.take_task())
    finally:
        usage.tell()


def execute(task: dict) -> int:
    """Runs the block in this process, whose channel is open; answers the exit code."""
    streams.redirect()
    try:
        run(task)
        return 0
    except BaseException as error:  # SystemExit of user code too: a block that exits has failed (mage-format.md 14)
        failure.report(error, task)
        return 1
    finally:
        streams.flush()


def run(task: dict) -> None:
    enter_surroundings(task)
    worker_requests.use(task)
    kinds = {'block': run_block, 'conditional': conditionals.ask, 'callback': callbacks.call}
    kinds[task.get('kind') or 'block'](task)


def run_block(task: dict) -> None:
    inputs = read_inputs(task)
    variables = block_variables(task)
    block = load_block(task, inputs)
    if task['blockType'] == 'sensor':
        sensor.wait_for(block, [entry.value for entry in inputs], variables, task)
        streams.flush()
        channel.done(None)
        return
    # Not kept in a name: the tests read the outputs again from disk, and a large frame need not be in memory twice.
    outputs = store_outputs(call_block(block, [entry.value for entry in inputs], variables, task), task)
    streams.flush()
    if task['runTests'] and block.tests:
        run_tests(block.tests, outputs, variables, task)
        streams.flush()
    channel.done(rows_of(outputs))


def enter_surroundings(task: dict) -> None:
    """What block code may expect of its process (mage-format.md 5.1): the parent of the project on sys.path, not the project itself."""
    parent = os.path.dirname(task['projectPath'])
    sys.path[:] = [path for path in sys.path if path not in ('', os.getcwd(), parent)]
    sys.path.insert(0, parent)
    sys.argv = [task['file']]
    kept_code.use(task)
    os.environ['MAGE_RUNTIME__REPO_PATH'] = task['projectPath']


def rows_of(outputs: list) -> int | None:
    """Rows of the tables the block gave; for a block that gave none, the rows it exported."""
    from wand_blocks import exported

    counts = [output['rows'] for output in outputs if output['rows'] is not None]
    return sum(counts) if counts else exported.rows()
