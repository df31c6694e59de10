"""A sensor asks until its function says yes (mage-format.md 3.5)."""

import os
import time

from wand_blocks import streams, worker_requests
from wand_blocks.block_file import Block
from wand_blocks.call import check_arity, takes_positional_rest, takes_any_keyword
from wand_blocks.failure import BlockFailure


def wait_for(block: Block, inputs: list, variables: dict, task: dict) -> None:
    """Inputs reach only a function with `*args`. The block needs no place of the worker while it sleeps."""
    function = block.functions[0]
    check_arity(function, len(inputs), block.decorator, task)
    arguments = inputs if takes_positional_rest(function) else []
    keywords = variables if takes_any_keyword(function) else {}
    pause = interval(task)
    while not function(*arguments, **keywords):
        print(f'Sensor sleeping for {spoken(pause)}...')
        streams.flush()
        with worker_requests.waiting():
            time.sleep(pause)


def interval(task: dict) -> float:
    """Seconds: `poll_interval` of the block's configuration, else WAND_SENSOR_INTERVAL, else 60 as in Mage."""
    written = task['configuration'].get('poll_interval') or os.environ.get('WAND_SENSOR_INTERVAL') or 60
    try:
        seconds = float(written)
    except (TypeError, ValueError):
        seconds = -1
    if not 0 < seconds < 1e9:
        raise BlockFailure(f'The poll interval {written!r} is no number of seconds', file=task['file'], fix='Write poll_interval: 60 (seconds).')
    return seconds


def spoken(seconds: float) -> str:
    return '1 minute' if seconds == 60 else f'{seconds:g} seconds'
