"""
Values on disk: DataFrames, Series and Arrow tables as Parquet, what JSON can hold as JSON, anything else as a pickle that only Python reads.
A downstream block gets them as Mage would hand them over, without what Mage loses on the way (mage-format.md 9.2, 14).
"""

import json
import os
import pickle

from wand_blocks.failure import BlockFailure
from wand_blocks.plain import NotPlain, plain
from wand_blocks.warnings_once import warn_once


def write_output(value, name: str, folder: str) -> dict:
    """Stores a value below `folder`; answers the StoredOutput of wand's model."""
    from wand_blocks import frames

    if frames.is_tabular(value):
        path = os.path.join(folder, f'{name}.parquet')
        try:
            rows, columns = frames.write(value, path)
            return stored(name, 'table', path, rows, columns)
        except frames.NotTabular as reason:
            warn_once('pickled-table', f'{name} is stored as a Python object, so that only Python blocks can read it: {reason}')
            return write_pickle(value, name, folder)
    try:
        return write_json(plain(value), name, folder)
    except NotPlain:
        if type(value).__module__ == 'numpy' and type(value).__name__ == 'ndarray':
            warn_once('array', f'{name} is an array: wand stores it (Mage would not)')
        return write_pickle(value, name, folder)


def read_output(output: dict, block: str | None = None):
    path = output['path']
    if path is None or not os.path.exists(path):
        raise BlockFailure(
            f"The stored {output['name']} of {f'block {block}' if block else 'this block'} is missing{f': {path}' if path else ''}",
            fix='Run the upstream block again.',
        )
    if output['kind'] == 'json':
        with open(path, encoding='utf-8') as file:
            return json.load(file)
    if output['kind'] == 'pickle':
        with open(path, 'rb') as file:
            return pickle.load(file)
    from wand_blocks import frames

    return frames.read(path, output.get('columns'))


def write_json(value, name: str, folder: str) -> dict:
    path = os.path.join(folder, f'{name}.json')
    with open(path, 'w', encoding='utf-8') as file:
        json.dump(value, file, ensure_ascii=False)
    return stored(name, 'json', path)


def write_pickle(value, name: str, folder: str) -> dict:
    path = os.path.join(folder, f'{name}.pkl')
    try:
        with open(path, 'wb') as file:
            pickle.dump(value, file, protocol=pickle.HIGHEST_PROTOCOL)
    except OSError:
        raise
    except Exception as error:
        os.unlink(path)
        raise BlockFailure(
            f'{name} is a {type(value).__module__}.{type(value).__qualname__}, which cannot be stored: {error}',
            fix='Return data: a DataFrame, a dict, a list, text or numbers. A class of your own has to live in a module of the project.',
        ) from error
    # How many children a dynamic block has (mage-format.md 3.7) must be known without reading the pickle.
    return stored(name, 'pickle', path, len(value) if isinstance(value, list) else None)


def stored(name: str, kind: str, path: str, rows: int | None = None, columns: list | None = None) -> dict:
    return {'name': name, 'kind': kind, 'path': path, 'rows': rows, 'columns': columns, 'bytes': os.path.getsize(path)}
