import os


def get_repo_path(*args, **kwargs) -> str:
    """The project folder (mage-format.md 1.1)."""
    return os.environ.get('MAGE_RUNTIME__REPO_PATH') or os.environ.get('MAGE_REPO_PATH') or os.getcwd()


def get_repo_name(*args, **kwargs) -> str:
    return os.path.basename(get_repo_path())
