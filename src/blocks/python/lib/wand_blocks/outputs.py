"""Stores what a block returned, as `output_0`, `output_1`, ... (mage-format.md 3.1, step 6)."""

import inspect
import types

from wand_blocks import channel, memory
from wand_blocks.failure import BlockFailure
from wand_blocks.stored import write_output
from wand_blocks.warnings_once import warn_once


def store_outputs(result, task: dict) -> list[dict]:
    """None is no output, a tuple or a list is one output for each item, anything else is one output."""
    stored = []
    values = values_of(result)
    for position, value in enumerate(values):
        check_storable(value, position, task)
        output = write_output(value, f'output_{position}', task['outputFolder'])
        channel.output(output)
        stored.append(output)
    if task.get('keepInMemory'):
        memory.keep(task['blockUuid'], values)
    return stored


def values_of(result) -> list:
    if result is None:
        return []
    if inspect.isgenerator(result):
        return [everything_from(result)]
    return list(result) if isinstance(result, (tuple, list)) else [result]


def everything_from(generator):
    """What a generator yields, as one value: frames become one frame, anything else a list."""
    warn_once('generator', 'the block returned a generator: wand reads it to its end (Mage would store the text "builtins.generator")')
    items = list(generator)
    frames = [item for item in items if type(item).__name__ == 'DataFrame' and type(item).__module__.startswith('pandas.')]
    if items and len(frames) == len(items):
        import pandas

        return pandas.concat(frames, ignore_index=True)
    return items


def check_storable(value, position: int, task: dict) -> None:
    if inspect.iscoroutine(value):
        value.close()
        raise BlockFailure(
            f"Block {task['blockUuid']} returned a coroutine: an async function cannot be a block",
            file=task['file'],
            fix='Use a plain function, and asyncio.run(...) inside it.',
        )
    if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType)):
        raise BlockFailure(
            f"Output {position} of block {task['blockUuid']} is a {type(value).__name__} ({value!r}), which cannot be stored",
            file=task['file'],
            fix='Return data: a DataFrame, a dict, a list, text or numbers.',
        )
