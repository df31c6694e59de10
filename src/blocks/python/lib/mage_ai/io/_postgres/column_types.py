"""The Postgres type for a column of a DataFrame (mage-format.md 5.4)."""

import datetime
import decimal
import uuid

_integers = (('smallint', 2**15), ('integer', 2**31), ('bigint', 2**63))
_by_inference = {
    'floating': 'double precision',
    'decimal': 'double precision',
    'mixed-integer-float': 'double precision',
    'boolean': 'boolean',
    'date': 'date',
    'string': 'text',
    'categorical': 'text',
    'empty': 'text',
    'bytes': 'bytea',
    'timedelta': 'bigint',
    'timedelta64': 'bigint',
}
_scalars = (str, bool, int, float, decimal.Decimal, datetime.date, datetime.time, uuid.UUID)


def postgres_type(column) -> str:
    """The smallest integer type that fits THIS column, and so on; prints a warning where only text is left."""
    import pandas

    inferred = pandas.api.types.infer_dtype(column, skipna=True)
    present = column[column.notna()]
    if inferred in ('datetime', 'datetime64'):
        return 'timestamptz' if is_aware(column, present) else 'timestamp'
    if inferred == 'time':
        return 'timetz' if any(value.tzinfo for value in present) else 'time'
    if inferred == 'period':
        return integer_type(value.ordinal for value in present)
    if inferred == 'integer':
        return integer_type(present)
    if inferred == 'empty':
        return type_of_dtype(column)
    if inferred in _by_inference:
        return _by_inference[inferred]
    if inferred in ('mixed', 'unknown-array', 'complex'):
        return type_of_objects(present)
    print(f"WARNING: column '{column.name}' holds {inferred} values: text is used for it")
    return 'text'


def integer_type(values) -> str:
    numbers = [int(value) for value in (values if isinstance(values, list) else _extremes(values))]
    lowest, highest = (min(numbers), max(numbers)) if numbers else (0, 2**62)
    return next((name for name, bound in _integers if -bound <= lowest and highest < bound), 'numeric')


def _extremes(values) -> list:
    if hasattr(values, 'min'):
        return [values.min(), values.max()] if len(values) else []
    return list(values)


def type_of_dtype(column) -> str:
    """A column without a single value: its dtype is all there is to go by."""
    import pandas

    kinds = pandas.api.types
    if kinds.is_bool_dtype(column.dtype):
        return 'boolean'
    if kinds.is_integer_dtype(column.dtype):
        return 'bigint'
    if kinds.is_float_dtype(column.dtype):
        return 'double precision'
    if kinds.is_datetime64_any_dtype(column.dtype):
        return 'timestamptz' if getattr(column.dtype, 'tz', None) else 'timestamp'
    return 'bigint' if kinds.is_timedelta64_dtype(column.dtype) else 'text'


def is_aware(column, present) -> bool:
    if getattr(column.dtype, 'tz', None) is not None:
        return True
    return column.dtype == object and any(getattr(value, 'tzinfo', None) for value in present)


def type_of_objects(present) -> str:
    kinds = {type(value) for value in present}
    if kinds == {uuid.UUID}:
        return 'uuid'
    if kinds <= {list, tuple, set, frozenset}:
        return array_type([item for value in present for item in value if item is not None])
    if kinds and all(issubclass(kind, _scalars) or issubclass(kind, complex) for kind in kinds):
        print(f'WARNING: a column mixes {", ".join(sorted(kind.__name__ for kind in kinds))}: text is used for it')
        return 'text'
    return 'jsonb'


def array_type(items: list) -> str:
    if any(isinstance(item, (dict, list, tuple)) for item in items):
        return 'jsonb'
    if items and all(type(item) is int or type(item).__name__.startswith(('int', 'uint')) for item in items):
        return f'{integer_type(items)}[]'
    if items and all(isinstance(item, bool) for item in items):
        return 'boolean[]'
    return 'text[]'
