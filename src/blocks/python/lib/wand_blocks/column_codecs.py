"""
Columns of Python objects, made fit for Parquet and turned back. What Mage hands on is handed on the same (mage-format.md 9.2): mixed text and
numbers as text, tuples and sets as arrays. What Mage changes without a word arrives as it was: dicts, `[1, 2.5]`, uuids (section 14).
"""

import json
import uuid
from datetime import date, datetime, time
from decimal import Decimal

from wand_blocks.plain import NotPlain, plain
from wand_blocks.warnings_once import warn_once

_scalars = (str, bool, int, float, Decimal, date, datetime, time, uuid.UUID)
_native = {
    'string', 'boolean', 'integer', 'floating', 'decimal', 'bytes', 'date', 'datetime', 'datetime64', 'time', 'timedelta', 'timedelta64', 'empty',
}


def encode(frame):
    """A copy whose columns have text names and values that Arrow takes, and the codec of each column that needs one on reading."""
    import pandas

    prepared = frame.copy(deep=False)
    prepared.columns = [str(name) for name in frame.columns]
    codecs: dict[str, str] = {}
    for name in prepared.columns:
        column = prepared[name]
        if isinstance(column.dtype, pandas.SparseDtype):
            prepared[name] = column.sparse.to_dense()
        elif column.dtype == object:
            encoded, codec = encode_objects(column, name)
            if encoded is not column:
                prepared[name] = encoded
            if codec:
                codecs[name] = codec
    return prepared, codecs


def encode_objects(column, name: str):
    import pandas

    inferred = pandas.api.types.infer_dtype(column, skipna=True)
    if inferred in _native:
        return column, None
    present = column[column.notna()]
    kinds = {type(value) for value in present}
    if inferred == 'mixed-integer-float':
        warn_once('mixed-numbers', f'column {name} mixes whole and other numbers: they arrive as floats (Mage would cut them all to the kind of the first)')
        return column.astype(float), None
    if kinds == {uuid.UUID}:
        return column.map(str, na_action='ignore'), 'uuid'
    if kinds and all(issubclass(kind, _scalars) or kind.__module__ == 'numpy' and kind.__name__ != 'ndarray' for kind in kinds):
        first = present.iloc[0]
        if inferred != 'mixed-integer' and not isinstance(first, str):
            warn_once('mixed-values', f'column {name} mixes {", ".join(sorted(kind.__name__ for kind in kinds))}: its values arrive as text')
        return column.map(str, na_action='ignore'), None
    return encode_containers(column, present, kinds, name)


def encode_containers(column, present, kinds: set, name: str):
    """Lists, dicts, tuples, sets and arrays; anything else is left to Arrow, which takes it or says why not."""
    if kinds == {list} and fits_arrow(list(present)):
        return column, 'list'
    if kinds <= {dict, list}:
        try:
            encoded = column.map(to_json, na_action='ignore')
        except NotPlain:
            return column, None
        if dict in kinds:
            warn_once('nested-values', f'column {name} holds dicts: they arrive as they are (Mage would unite their keys and turn whole numbers into floats)')
        return encoded, 'json'
    if kinds <= {set, frozenset, tuple}:
        return column.map(list, na_action='ignore'), None
    return column, None


def fits_arrow(values: list) -> bool:
    import pyarrow

    try:
        return pyarrow.array(values).to_pylist() == values
    except (pyarrow.ArrowException, TypeError, ValueError, OverflowError):
        return False


def to_json(value) -> str:
    keys_are_text(value)
    return json.dumps(plain(value), ensure_ascii=False)


def keys_are_text(value) -> None:
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise NotPlain
        for item in value.values():
            keys_are_text(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            keys_are_text(item)


def decode(frame, codecs: dict[str, str]):
    decoders = {'json': json.loads, 'uuid': uuid.UUID, 'list': as_lists}
    for name, codec in codecs.items():
        column = frame[name]
        if codec == 'interval':
            frame[name] = as_timedeltas(column)
            continue
        frame[name] = column.astype(object).map(decoders[codec], na_action='ignore').astype(object)
    return frame


def as_timedeltas(column):
    """`timedelta64`, or objects where nanoseconds cannot hold them (292 years)."""
    import pandas
    from wand_blocks.interval import timedelta_of

    values = column.astype(object).map(timedelta_of, na_action='ignore')
    try:
        return pandas.to_timedelta(values)
    except (pandas.errors.OutOfBoundsTimedelta, OverflowError):
        return values


def as_lists(value):
    """Arrow hands lists over as arrays, also those inside."""
    if type(value).__name__ == 'ndarray':
        value = value.tolist()
    return [as_lists(item) for item in value] if isinstance(value, list) else value
