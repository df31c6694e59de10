"""Calls a block's function with its inputs and variables (mage-format.md 3.1, steps 3 to 5)."""

import inspect

from wand_blocks.block_file import Block
from wand_blocks.failure import BlockFailure


def call_block(block: Block, inputs: list, variables: dict, task: dict):
    """Calls the FIRST decorated function; its result as it is."""
    function = block.functions[0]
    if callable(function) and not isinstance(function, type):
        check_arity(function, len(inputs), block.decorator, task)
    for step in block.preprocessers:
        call(step, inputs, variables)
    return call(function, inputs, variables)


def call(function, inputs: list, variables: dict):
    """Variables reach a function only through `**kwargs`."""
    if takes_any_keyword(function):
        return function(*inputs, **variables)
    return function(*inputs)


def takes_any_keyword(function) -> bool:
    return any(parameter.kind is parameter.VAR_KEYWORD for parameter in inspect.signature(function).parameters.values())


def takes_positional_rest(function) -> bool:
    return any(parameter.kind is parameter.VAR_POSITIONAL for parameter in inspect.signature(function).parameters.values())


def check_arity(function, given: int, decorator: str, task: dict) -> None:
    """As in Mage a parameter with a default, or keyword-only, counts as one that needs an input."""
    parameters = inspect.signature(function).parameters.values()
    named = [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    open_ended = len(named) < len(parameters)
    if len(named) > given or (len(named) < given and not open_ended):
        names = ', '.join(parameter.name for parameter in named)
        code = inspect.unwrap(function).__code__ if hasattr(inspect.unwrap(function), '__code__') else None
        more = len(named) > given
        raise BlockFailure(
            f"Function {function.__name__} of block {task['blockUuid']} takes {counted(len(named), 'input')} ({names or 'none'}), "
            f"and the block has {counted(given, 'upstream block')}",
            file=task['file'],
            line=code.co_firstlineno if code else None,
            fix='Connect the missing upstream blocks, or read variables from **kwargs instead of naming them as parameters.'
            if more
            else f'Add *args to the function under @{decorator}, or a parameter for each upstream block.',
        )


def counted(number: int, noun: str) -> str:
    return f'{number} {noun}' if number == 1 else f'{number} {noun}s'
