"""`io_config.yaml` and other places of connection settings (mage-format.md 6)."""

import json
import os

from mage_ai.io.config_keys import ConfigKey, flatten_profile
from mage_ai.settings.repo import get_repo_path

__all__ = ['AWSSecretLoader', 'BaseConfigLoader', 'ConfigFileLoader', 'ConfigKey', 'EnvironmentVariableLoader']


class BaseConfigLoader:
    def get(self, key, **kwargs):
        raise NotImplementedError

    def contains(self, key, **kwargs) -> bool:
        return self.get(key, **kwargs) is not None

    def __getitem__(self, key):
        return self.get(key)

    def __contains__(self, key) -> bool:
        return self.contains(key)


class ConfigFileLoader(BaseConfigLoader):
    """One profile of a file: Jinja first, over the whole file, then YAML; a missing profile is a KeyError that names those there are."""

    def __init__(self, filepath=None, profile: str = 'default', config: dict | None = None):
        self.filepath = os.fspath(filepath) if filepath else os.path.join(get_repo_path(), 'io_config.yaml')
        self.profile = profile
        if config is None:
            config = flatten_profile(read_profile(self.filepath, profile))
        self.config = {str(getattr(key, 'value', key)): value for key, value in config.items()}

    def get(self, key, **kwargs):
        return self.config.get(str(getattr(key, 'value', key)))

    def keys(self):
        return self.config.keys()


class EnvironmentVariableLoader(BaseConfigLoader):
    def get(self, key, **kwargs):
        return os.environ.get(str(getattr(key, 'value', key)))


class AWSSecretLoader(BaseConfigLoader):
    def __init__(self, **kwargs):
        from mage_ai._unsupported import later

        raise later('AWSSecretLoader', 'Read the secret with boto3 in the block, or put it into .env of the project.')


def read_profile(path: str, profile: str) -> dict:
    profiles = read_profiles(path)
    if profile not in profiles:
        known = ', '.join(name for name in profiles if name != 'version')
        raise KeyError(f"{path} has no profile '{profile}' (it has: {known or 'none'})")
    return profiles[profile] or {}


def read_profiles(path: str) -> dict:
    import jinja2
    import yaml

    with open(path, encoding='utf-8') as file:
        text = jinja2.Template(file.read()).render(**template_functions())
    return yaml.safe_load(text) or {}


def template_functions() -> dict:
    from mage_ai.data_preparation.shared.secrets import get_secret_value

    def unsupported(name: str):
        def refuse(*args, **kwargs):
            from mage_ai._unsupported import later

            raise later(name, 'Put the value into .env of the project and use env_var.')

        return refuse

    return {
        'env_var': os.getenv,
        'mage_secret_var': get_secret_value,
        'json_value': lambda text, key: json.loads(text).get(key),
        'aws_secret_var': unsupported('aws_secret_var'),
        'azure_secret_var': unsupported('azure_secret_var'),
    }
