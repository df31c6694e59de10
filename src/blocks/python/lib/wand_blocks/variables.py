"""The keyword arguments of a block (mage-format.md 7.2)."""

import os
from datetime import datetime

from wand_blocks.block_logger import DictLogger


def block_variables(task: dict) -> dict:
    """The run's variables, completed by what each block gets of its own; these win over a variable of the same name, `env` does not."""
    variables = decode(task['variables'])
    variables.setdefault('env', os.environ.get('ENV') or 'dev')
    return {
        **variables,
        'configuration': decode(task['configuration']),
        'context': {},
        'pipeline_uuid': task['pipelineUuid'],
        'block_uuid': task['blockUuid'],
        'repo_path': task['projectPath'],
        'logger': DictLogger(),
        'retry': task['retry'],
    }


def decode(value):
    """JSON as it came from the worker, with `{"$datetime": text}` made datetimes (aware, as in mage-format.md 7.1)."""
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {'$datetime'}:
        return datetime.fromisoformat(value['$datetime'].replace('Z', '+00:00'))
    return {key: decode(item) for key, item in value.items()}
