"""The outputs of the upstream blocks, as arguments (mage-format.md 3.2)."""

from dataclasses import dataclass
from typing import Any

from wand_blocks.stored import read_output


@dataclass
class Input:
    block: str
    value: Any


def read_inputs(task: dict) -> list[Input]:
    """One for each upstream block, in their order: the value itself if the block stored exactly one output, else a list of its values."""
    return [Input(entry['block'], value_of(entry)) for entry in task['inputs']]


def value_of(entry: dict):
    values = [read_output(output, entry['block']) for output in entry['outputs']]
    return values[0] if len(values) == 1 else values
