"""Calls the callbacks of a block that has ended (mage-format.md 3.6)."""

import ast
import builtins
import inspect

from wand_blocks import channel, failure, streams
from wand_blocks.block_file import compile_file
from wand_blocks.block_logger import DictLogger
from wand_blocks.inputs import read_inputs
from wand_blocks.variables import attached_variables

STATUSES = ('success', 'failure', 'cancelled')
LEGACY = {'on_success': 'success', 'on_failure': 'failure'}


def call(task: dict) -> None:
    """Each block's functions for the status; one that raises is logged and changes nothing."""
    inputs = read_inputs(task)
    for attached in task['attached']:
        try:
            for function, form in registered(attached, inputs, task['callback']['status']):
                run(function, form, inputs, attached, task)
        except Exception as error:
            streams.flush()
            channel.log(f"Callback {attached['uuid']} of block {task['blockUuid']} failed; the run goes on.", level='error')
            channel.log(failure.trace_text(error), level='error')
        streams.flush()
    channel.done(None)


def registered(attached: dict, inputs: list, status: str) -> list:
    """Functions of a callback's file for a status, with the form of their decorator: `bare`, `legacy` or `named`."""
    from mage_ai.data_preparation import decorators

    found: list = []

    def add(function, wanted: str, form: str):
        if wanted == status:
            found.append((function, form))
        return function

    def callback(wanted=None, *_, **__):
        if callable(wanted):
            return add(wanted, 'success', 'bare')
        if wanted is None:
            return lambda function: add(function, 'success', 'bare')
        if wanted not in STATUSES:
            raise ValueError(f"@callback({wanted!r}): a callback is for {', '.join(STATUSES)}")
        return lambda function: add(function, wanted, 'named')

    names = {'callback': callback}
    for name, wanted in LEGACY.items():
        names[name] = lambda function, wanted=wanted: add(function, wanted, 'legacy')
    for name, decorator in names.items():
        setattr(decorators, name, decorator)
    exec(compile_file(attached['file']), {**{entry.block: entry.value for entry in inputs}, **names})
    return found


def run(function, form: str, inputs: list, attached: dict, task: dict) -> None:
    if form == 'bare':
        function()
        return
    status = task['callback']['status']
    variables = attached_variables(task, attached)
    if status != 'cancelled':
        variables['retry'] = task['retry']
    if status == 'success':
        variables['logger'] = DictLogger()
    if status == 'failure':
        variables['__error'] = exception_of(task['callback']['error'])
    arguments = []
    if form == 'named' and status != 'cancelled':
        value = inputs[0].value if inputs else []
        if takes_positional(function):
            arguments = [value]
        else:
            variables['__input'] = {task['blockUuid']: value, 'df_1': value}
    function(*arguments, **variables)


def takes_positional(function) -> bool:
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    return any(parameter.kind in kinds for parameter in inspect.signature(function).parameters.values())


def exception_of(problem: dict | None) -> Exception:
    """The block's error made again from what is stored of it: of the same built-in type, else of one with the same name."""
    kind = (problem or {}).get('type') or 'Exception'
    text = (problem or {}).get('message') or ''
    known = getattr(builtins, kind, None)
    if isinstance(known, type) and issubclass(known, KeyError):
        return known(literal(text))
    if isinstance(known, type) and issubclass(known, Exception):
        try:
            return known(text)
        except TypeError:
            pass
    return type(kind.rsplit('.', 1)[-1], (Exception,), {})(text)


def literal(text: str):
    """A KeyError says the repr of its key."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
