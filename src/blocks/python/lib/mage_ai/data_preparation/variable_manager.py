"""Variables of pipelines, read from their files. Writing them, and reading outputs of other runs, comes later."""

import os

from mage_ai._unsupported import later
from mage_ai.settings.repo import get_repo_path


def get_global_variables(pipeline_uuid: str, *args, **kwargs) -> dict:
    """`variables` of pipelines/<uuid>/metadata.yaml, as they stand in the file now."""
    import yaml

    path = os.path.join(get_repo_path(), 'pipelines', pipeline_uuid, 'metadata.yaml')
    with open(path, encoding='utf-8') as file:
        pipeline = yaml.safe_load(file) or {}
    return pipeline.get('variables') or {}


def get_global_variable(pipeline_uuid: str, key: str, *args, **kwargs):
    return get_global_variables(pipeline_uuid).get(key)


def get_variable(pipeline_uuid: str, block_uuid: str, key: str = 'output_0', *args, **kwargs):
    raise later('get_variable', f'Make {block_uuid} an upstream block, and take its output as an argument.')


def set_global_variable(pipeline_uuid: str, key: str, value, *args, **kwargs):
    raise later('set_global_variable', f'Set {key} in the variables of pipelines/{pipeline_uuid}/metadata.yaml, or pass it with --var.')


def delete_global_variable(pipeline_uuid: str, key: str, *args, **kwargs):
    raise later('delete_global_variable', f'Remove {key} from the variables of pipelines/{pipeline_uuid}/metadata.yaml.')
