"""The outputs of the upstream blocks, as arguments (mage-format.md 3.2)."""

from dataclasses import dataclass
from typing import Any

from wand_blocks import memory
from wand_blocks.stored import read_output


@dataclass
class Input:
    block: str
    value: Any


def read_inputs(task: dict) -> list[Input]:
    """One for each upstream block, in their order: the value itself if the block stored exactly one output, else a list of its values."""
    return [Input(entry['block'], value_of(entry)) for entry in task['inputs']]


def value_of(entry: dict):
    block = entry['block']
    if entry.get('gathered') is not None:
        return [one_of(outputs, block) for outputs in entry['gathered']]
    if entry.get('item') is not None:
        return item_of(read_output(entry['outputs'][0], block), entry['item'])
    kept = memory.outputs_of(block)
    if kept is not None:
        return kept[0] if len(kept) == 1 else kept
    if entry['blockType'] == 'global_data_product':
        return by_block(entry['outputs'])
    return one_of(entry['outputs'], block)


def one_of(outputs: list, block: str):
    values = [read_output(output, block) for output in outputs]
    return values[0] if len(values) == 1 else values


def item_of(data, position: int):
    """For a child of a dynamic block (mage-format.md 3.7): a row of a DataFrame is a Series named by its label."""
    return data.iloc[position] if hasattr(data, 'iloc') else data[position]


def by_block(outputs: list) -> dict:
    """Of a global data product: outputs are named `<block>/<output>`."""
    values: dict = {}
    for output in outputs:
        block = output['name'].rsplit('/', 1)[0]
        values.setdefault(block, []).append(read_output(output, block))
    return values
