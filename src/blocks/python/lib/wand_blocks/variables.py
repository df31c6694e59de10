"""The keyword arguments of a block (mage-format.md 7.2)."""

import os
from datetime import datetime

from wand_blocks.block_logger import DictLogger


_shared_context: dict | None = None


def share_context() -> None:
    """From now on blocks of this process have one `kwargs['context']` (mage-format.md 7.2)."""
    global _shared_context
    _shared_context = {}


def block_variables(task: dict) -> dict:
    """The run's variables, completed by what each block gets of its own; these win over a variable of the same name, `env` does not."""
    variables = decode(task['variables'])
    variables.setdefault('env', os.environ.get('ENV') or 'dev')
    return {
        **variables,
        'configuration': decode(task['configuration']),
        'context': {} if _shared_context is None else _shared_context,
        'pipeline_uuid': task['pipelineUuid'],
        'block_uuid': task['blockUuid'],
        'repo_path': task['projectPath'],
        'logger': DictLogger(),
        'retry': task['retry'],
    }


def attached_variables(task: dict, attached: dict) -> dict:
    """Of a conditional or callback: those of its block, but for `logger` and `retry`, with its own name and configuration (mage-format.md 3.6)."""
    from mage_ai.orchestration.db.models.schedules import PipelineRun

    variables = block_variables({**task, 'configuration': attached['configuration'], 'blockUuid': attached['uuid']})
    del variables['logger'], variables['retry']
    run = PipelineRun.of_task(task, variables)
    return {**variables, 'parent_block_uuid': task['blockUuid'], 'pipeline_run': run}


def decode(value):
    """JSON as it came from the worker, with `{"$datetime": text}` made datetimes (aware, as in mage-format.md 7.1)."""
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {'$datetime'}:
        return datetime.fromisoformat(value['$datetime'].replace('Z', '+00:00'))
    return {key: decode(item) for key, item in value.items()}
