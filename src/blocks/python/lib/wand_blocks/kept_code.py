"""
Code of the project as the run found it (decisions.md 6): block files and modules of the project are read from the run's snapshot, and keep the
path of the project for everything else: `__file__`, tracebacks, what they open. What the snapshot does not have is read where it is.
"""

import importlib.machinery
import linecache
import os
import sys
from importlib.util import spec_from_file_location

_project = ''
_snapshot = ''


def use(task: dict) -> None:
    """From now on; a process of several blocks comes here for each of them."""
    global _project, _snapshot
    code = task.get('code') or {}
    before, _snapshot = _snapshot, code.get('snapshot', '')
    _project = code.get('project', '')
    if before and before != _snapshot:
        forget_modules()
    if _snapshot and not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, Finder())


def forget_modules() -> None:
    """Modules of another snapshot are imported again."""
    for name, module in list(sys.modules.items()):
        if isinstance(getattr(module, '__loader__', None), Loader):
            del sys.modules[name]


def source_of(path: str) -> str:
    """Where the text of a file is read."""
    kept = kept_path(path)
    return kept if kept and os.path.isfile(kept) else path


def kept_path(path: str) -> str | None:
    if not _snapshot or not (path == _project or path.startswith(_project + os.sep)):
        return None
    return _snapshot + path[len(_project) :]


def show_kept_lines(files) -> None:
    """For tracebacks: the lines that were run, not those that stand in the file by now."""
    for path in set(files):
        source = source_of(path)
        if source == path or not source:
            continue
        try:
            with open(source, encoding='utf-8') as file:
                text = file.read()
        except (OSError, UnicodeDecodeError):
            continue
        linecache.cache[path] = (len(text), None, text.splitlines(True), path)


class Finder:
    """Finds modules of the project by the paths where Python looks for them, as far as the snapshot has them."""

    @staticmethod
    def find_spec(name: str, path=None, target=None):
        if not _snapshot:
            return None
        last = name.rpartition('.')[2]
        for folder in path if path is not None else sys.path:
            if not isinstance(folder, str):
                continue
            spec = spec_of(name, os.path.join(folder, last))
            if spec:
                return spec
        return None


def spec_of(name: str, place: str):
    package = os.path.join(place, '__init__.py')
    if has(package):
        return spec_from_file_location(name, package, loader=Loader(name, package), submodule_search_locations=[place])
    module = f'{place}.py'
    if has(module):
        return spec_from_file_location(name, module, loader=Loader(name, module))
    return namespace_of(name, place)


def namespace_of(name: str, place: str):
    """A folder without `__init__.py` that is only in the snapshot; one that is there is found by Python itself."""
    kept = kept_path(place)
    if not kept or os.path.isdir(place) or not os.path.isdir(kept):
        return None
    spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = [place]
    return spec


def has(path: str) -> bool:
    kept = kept_path(path)
    return kept is not None and os.path.isfile(kept)


class Loader(importlib.machinery.SourceFileLoader):
    """Reads and compiles the kept text under the path of the project."""

    def path_stats(self, path):
        return super().path_stats(source_of(path))

    def get_data(self, path):
        return super().get_data(source_of(path))

    def get_code(self, fullname):
        # Compiled anew: what is cached is found by the path of the project, and would be of another time.
        return self.source_to_code(self.get_data(self.path), self.path)
