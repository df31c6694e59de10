"""Secrets of a project. wand keeps none yet: a name is looked up in the environment, which `.env` completes."""

import os

from mage_ai._unsupported import later


def get_secret_value(name: str, *args, **kwargs) -> str | None:
    """The secret, or None with a warning, as in Mage."""
    if name not in os.environ:
        print(f"WARNING: no secret of the name '{name}'. Put {name}=... into .env of the project.")
    return os.environ.get(name)


def create_secret(name: str, value: str, *args, **kwargs):
    raise later('create_secret', f'Put {name}=... into .env of the project.')
