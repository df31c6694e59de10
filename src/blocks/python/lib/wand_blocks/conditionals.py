"""Asks the conditionals of a block, right before it (mage-format.md 3.6)."""

from wand_blocks import channel, failure, streams
from wand_blocks.block_file import load_block
from wand_blocks.inputs import read_inputs
from wand_blocks.stored import write_json
from wand_blocks.variables import attached_variables


def ask(task: dict) -> None:
    """All functions of all conditionals, with the block's inputs; the answer is stored as one truth value. One that raises says no."""
    inputs = read_inputs(task)
    answers = [says_yes(attached, inputs, task) for attached in task['attached']]
    channel.output(write_json(all(answers), 'condition', task['outputFolder']))
    channel.done(None)


def says_yes(attached: dict, inputs: list, task: dict) -> bool:
    own = {**task, 'blockType': 'conditional', 'blockUuid': attached['uuid'], 'file': attached['file']}
    values = [entry.value for entry in inputs]
    try:
        block = load_block(own, inputs)
        # Always with the variables: a function without **kwargs raises, and so says no, as in Mage.
        answers = [bool(function(*values, **attached_variables(task, attached))) for function in block.functions]
    except Exception as error:
        streams.flush()
        channel.log(f"Conditional {attached['uuid']} of block {task['blockUuid']} failed, which counts as no.", level='error')
        channel.log(failure.trace_text(error), level='error')
        return False
    streams.flush()
    if not all(answers):
        channel.log(f"Conditional {attached['uuid']} said no for block {task['blockUuid']}")
    return all(answers)
