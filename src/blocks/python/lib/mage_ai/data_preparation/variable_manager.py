"""
Variables of pipelines, and outputs of blocks by name (mage-format.md 5.1, 7.4). What is set here goes to wand's state, over the pipeline's
file, which Mage would rewrite; blocks that start later see it, in this run and in later ones.
"""

from wand_blocks import worker_requests
from wand_blocks.plain import NotPlain, plain
from wand_blocks.stored import read_output


def get_global_variables(pipeline_uuid: str, *args, **kwargs) -> dict:
    return worker_requests.ask('variables', pipeline=pipeline_uuid)


def get_global_variable(pipeline_uuid: str, key: str, *args, **kwargs):
    return get_global_variables(pipeline_uuid).get(key)


def set_global_variable(pipeline_uuid: str, key: str, value, *args, **kwargs) -> None:
    try:
        worker_requests.ask('set_variable', pipeline=pipeline_uuid, name=key, value=plain(value))
    except NotPlain as error:
        raise TypeError(f'The variable {key} cannot be stored: {error}') from error


def delete_global_variable(pipeline_uuid: str, key: str, *args, **kwargs) -> None:
    worker_requests.ask('delete_variable', pipeline=pipeline_uuid, name=key)


def get_variable(pipeline_uuid: str, block_uuid: str, variable_uuid: str = 'output_0', *args, partition: str | None = None, **kwargs):
    """An output of a block: of the run that `partition` names, else of this run, else of the last one that has it; {} if none has."""
    outputs = worker_requests.ask('outputs', pipeline=pipeline_uuid, block=block_uuid, partition=partition)
    found = [output for output in outputs if output['name'] == variable_uuid]
    return read_output(found[0], block_uuid) if found else {}


def get_variables(pipeline_uuid: str, block_uuid: str, *args, partition: str | None = None, **kwargs) -> list:
    """Names of the outputs that `get_variable` gives."""
    return [output['name'] for output in worker_requests.ask('outputs', pipeline=pipeline_uuid, block=block_uuid, partition=partition)]
