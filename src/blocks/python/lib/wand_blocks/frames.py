"""Tabular values as Parquet: pandas and polars frames and series, Arrow tables."""

import json
import sys

from wand_blocks import column_codecs
from wand_blocks.column_types import columns_of
from wand_blocks.failure import BlockFailure

# DuckDB's own row group size: paging through an output then skips whole groups.
ROW_GROUP_ROWS = 122_880
METADATA_KEY = b'wand'


class NotTabular(Exception):
    """Parquet cannot hold this value without changing it."""


def is_tabular(value) -> bool:
    """Never imports a library: a value of one that nobody imported cannot exist."""
    return shape_of(value) is not None


def shape_of(value) -> str | None:
    pandas, polars, pyarrow = (sys.modules.get(name) for name in ('pandas', 'polars', 'pyarrow'))
    if pandas is not None:
        if isinstance(value, getattr(pandas, 'DataFrame', ())):
            return 'frame'
        if isinstance(value, getattr(pandas, 'Series', ())):
            return 'series'
    if polars is not None:
        if isinstance(value, (getattr(polars, 'DataFrame', ()), getattr(polars, 'LazyFrame', ()))):
            return 'polars'
        if isinstance(value, getattr(polars, 'Series', ())):
            return 'polars-series'
    if pyarrow is not None and isinstance(value, getattr(pyarrow, 'Table', ())):
        return 'arrow'
    return None


def write(value, path: str) -> tuple[int, list]:
    """Writes one value; answers its rows and columns, without those of the index."""
    import pyarrow.parquet

    shape = shape_of(value)
    table, notes = to_arrow(value, shape)
    notes['shape'] = shape
    metadata = {**(table.schema.metadata or {}), METADATA_KEY: json.dumps(notes).encode()}
    pyarrow.parquet.write_table(table.replace_schema_metadata(metadata), path, row_group_size=ROW_GROUP_ROWS)
    return table.num_rows, columns_of(table.schema, notes.get('codecs', {}))


def to_arrow(value, shape: str):
    if shape == 'arrow':
        return value, {}
    if shape == 'polars':
        frame = value.collect() if type(value).__name__ == 'LazyFrame' else value
        return frame.to_arrow(), {}
    if shape == 'polars-series':
        return value.to_frame(value.name or 'value').to_arrow(), {}
    if shape == 'series':
        table, notes = frame_to_arrow(value.to_frame('value' if value.name is None else value.name))
        return table, {**notes, 'unnamed': value.name is None}
    return frame_to_arrow(value)


def frame_to_arrow(frame):
    import pyarrow

    check_columns(frame)
    prepared, codecs = column_codecs.encode(frame)
    try:
        # preserve_index None: a plain range is a note in the metadata, any other index a column.
        return pyarrow.Table.from_pandas(prepared, preserve_index=None), {'codecs': codecs}
    except (pyarrow.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise NotTabular(error.args[-1] if error.args else error) from error


def check_columns(frame) -> None:
    import pandas

    if isinstance(frame.columns, pandas.MultiIndex):
        raise NotTabular('its columns have several levels')
    names = [str(name) for name in frame.columns]
    repeated = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if repeated:
        raise BlockFailure(
            f'The DataFrame has several columns of the name "{repeated[0]}"',
            fix='Give each column a name of its own before you return the frame.',
        )


def read(path: str, columns: list | None = None):
    """Reads a table back as what it was; a file that another language wrote becomes a pandas frame. `columns` as the output has them: name and type."""
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(path)
    metadata = table.schema.metadata or {}
    notes = json.loads(metadata.get(METADATA_KEY, b'{}'))
    shape = notes.get('shape', 'frame')
    if shape == 'arrow':
        return table
    if shape in ('polars', 'polars-series'):
        import polars

        frame = polars.from_arrow(table)
        return frame if shape == 'polars' else frame.to_series()
    from_pandas = b'pandas' in metadata
    codecs = notes.get('codecs', {}) if from_pandas else sql_codecs(table.schema, columns or [])
    frame = column_codecs.decode(to_pandas(table, from_pandas), codecs)
    if shape != 'series':
        return frame
    series = frame.iloc[:, 0]
    return series.rename(None) if notes.get('unnamed') else series


def to_pandas(table, from_pandas: bool):
    """A table of SQL or TypeScript gets the dtypes that pandas.read_sql would give it, as in Mage (mage-format.md 5.2)."""
    if from_pandas:
        return table.to_pandas()
    import pyarrow

    for position, field in enumerate(table.schema):
        table = table.set_column(position, field.name, as_from_sql(table.column(position)))
    try:
        return table.to_pandas(coerce_temporal_nanoseconds=True)
    except pyarrow.ArrowInvalid:
        return table.to_pandas()  # years that nanoseconds cannot hold


def sql_codecs(schema, columns: list) -> dict[str, str]:
    """Lists, and what Parquet holds as text: json and intervals come as Python's own values, as psycopg2 gives them."""
    import pyarrow.types as types

    lists = {field.name: 'list' for field in schema if types.is_list(field.type)}
    return {**lists, **{column['name']: column['type'] for column in columns if column['type'] in ('json', 'interval')}}


def as_from_sql(column):
    """Whole numbers as int64, other numbers as floats, a column of nothing but NULL as None."""
    import pyarrow
    import pyarrow.types as types

    if len(column) > 0 and column.null_count == len(column):
        return pyarrow.nulls(len(column))
    if types.is_integer(column.type) and not types.is_uint64(column.type):
        return column.cast(pyarrow.int64())
    if types.is_decimal(column.type) or types.is_floating(column.type):
        return column.cast(pyarrow.float64())
    return column
