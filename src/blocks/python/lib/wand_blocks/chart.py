"""What the code of a chart block wants drawn (mage-format.md 10.1): the variables its configuration names, or what its decorated functions give."""

import json
import math
import os
import sys

from wand_blocks import failure
from wand_blocks.block_file import compile_file
from wand_blocks.call import call
from wand_blocks.failure import BlockFailure
from wand_blocks.inputs import read_inputs
from wand_blocks.main import enter_surroundings

DECORATORS = ('data_source', 'configuration', 'columns', 'x', 'y', 'xy', 'render')


def main() -> int:
    """One request on standard input, one answer on standard output; what the code prints goes to standard error."""
    answer = os.fdopen(os.dup(1), 'w', encoding='utf-8')
    os.dup2(2, 1)
    request = json.load(sys.stdin)
    enter_surroundings(request)
    try:
        said = json.dumps({'figures': figures_of(request)})
    except BaseException as error:
        said = json.dumps({'error': failure.describe(error, request)})
    answer.write(said)
    answer.close()
    return 0


def figures_of(request: dict) -> dict:
    inputs = read_inputs(request)
    found: dict = {name: [] for name in DECORATORS}
    namespace = run_file(request['file'], inputs, found)
    values = [entry.value for entry in inputs]
    configuration = dict(request['configuration'])
    for function in found['configuration'][:1]:
        configuration |= call(function, values, {}) or {}
    if any(found[name] for name in ('data_source', 'x', 'y', 'xy')):
        figures = by_functions(found, values)
    else:
        figures = {name: namespace.get(configuration.get(name)) for name in ('x', 'y', 'index')}
    if figures['x'] is None:
        raise BlockFailure(
            'the chart gives no x',
            file=request['file'],
            fix='Assign the variable that its configuration names as x, or decorate a function with @x.',
        )
    limit = configuration.get('limit') if configuration.get('chart_type') == 'table' else None
    return {
        'x': plain(figures['x']),
        'y': plain(figures['y'], limit),
        'index': plain(figures['index'], limit),
        'configuration': configuration,
    }


def run_file(path: str, inputs: list, found: dict) -> dict:
    from mage_ai.data_preparation import decorators

    def collect(into: list):
        def decorator(function=None, *args, **kwargs):
            if not callable(function):
                return decorator
            into.append(function)
            return function

        return decorator

    namespace: dict = {}
    for position, entry in enumerate(inputs, start=1):
        namespace[entry.block] = entry.value
        namespace[f'df_{position}'] = entry.value
    for name, into in found.items():
        # In the namespace only where the file has no variable of that name: x and y are usual names of variables.
        namespace[name] = collect(into)
        setattr(decorators, name, namespace[name])
    before = dict(namespace)
    exec(compile_file(path), namespace)
    return {name: value for name, value in namespace.items() if before.get(name) is not value}


def by_functions(found: dict, values: list) -> dict:
    source = found['data_source']
    data = call(source[0], values, {}) if source else values[0]
    figures = {'x': None, 'y': None, 'index': None}
    if found['xy']:
        figures['x'], figures['y'] = call(found['xy'][0], [data], {})
    for name in ('x', 'y'):
        if found[name]:
            figures[name] = call(found[name][0], [data], {})
    return figures


def plain(value, limit=None):
    """As JSON: arrays and Series as lists, times as ISO text, what is no number as null."""
    if hasattr(value, 'tolist'):
        value = value[:limit].tolist() if limit and getattr(value, 'ndim', 1) > 0 else value.tolist()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, range)):
        return [plain(item) for item in (list(value)[:limit] if limit else value)]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if type(value).__name__ in ('NaTType', 'NAType'):
        return None
    if hasattr(value, 'isoformat'):
        return value.isoformat()
    return str(value)


if __name__ == '__main__':
    sys.exit(main())
