"""Executes a block's file and collects its decorated functions (mage-format.md 3.1)."""

from dataclasses import dataclass, field

from wand_blocks import kept_code
from wand_blocks.failure import BlockFailure

DECORATORS = {'conditional': 'condition'}


@dataclass
class Block:
    decorator: str
    functions: list = field(default_factory=list)
    tests: list = field(default_factory=list)
    preprocessers: list = field(default_factory=list)


def load_block(task: dict, inputs: list) -> Block:
    """Runs the file in a fresh namespace that holds the collecting decorators and the inputs as `df_1`, `df_2`, ... and by the name of their block."""
    block = Block(decorator=DECORATORS.get(task['blockType'], task['blockType']))
    namespace: dict = {}
    for position, entry in enumerate(inputs, start=1):
        namespace[entry.block] = entry.value
        namespace[f'df_{position}'] = entry.value
    namespace |= collectors(block, namespace)
    exec(compile_file(task['file']), namespace)
    if not block.functions:
        raise BlockFailure(
            f"Block {task['blockUuid']} has no function decorated with @{block.decorator}: nothing to run",
            file=task['file'],
            fix=f'Put @{block.decorator} above the function that is to be the block.',
        )
    return block


def compile_file(path: str):
    with open(kept_code.source_of(path), 'rb') as file:
        return compile(file.read(), path, 'exec', dont_inherit=True)


def collectors(block: Block, namespace: dict) -> dict:
    """
    The decorators as the block sees them. They are put into mage_ai.data_preparation.decorators as well, so that an import without the usual
    `if 'data_loader' not in globals()` works too; a helper module that decorates functions of its own is not collected from.
    """
    from mage_ai.data_preparation import decorators

    def collect(into: list):
        def decorator(function):
            if getattr(function, '__globals__', namespace) is namespace:
                into.append(function)
            return function

        return decorator

    found = {
        block.decorator: collect(block.functions),
        'test': collect(block.tests),
        'preprocesser': collect(block.preprocessers),
    }
    for name, decorator in found.items():
        setattr(decorators, name, decorator)
    decorators.preprocesser_functions = found['preprocesser']
    return found
