"""The old way to read io_config.yaml."""

import os

from mage_ai.io.config import read_profile
from mage_ai.settings.repo import get_repo_path


class IOConfig:
    def __init__(self, filepath=None):
        self.filepath = os.fspath(filepath) if filepath else os.path.join(get_repo_path(), 'io_config.yaml')

    def use(self, profile: str) -> dict:
        return read_profile(self.filepath, profile)
