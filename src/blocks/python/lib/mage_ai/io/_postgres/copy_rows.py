"""A DataFrame as the text that COPY takes, piece by piece, so that a large frame is never held twice."""

import io
import json

ROWS_AT_ONCE = 50_000


def csv_pieces(frame, types: list[str]):
    """Yields CSV as bytes. Arrow writes it, several times faster than pandas, with every text quoted, so that no value is taken for a marker."""
    import pyarrow
    import pyarrow.csv

    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style='needed')
    for start in range(0, len(frame), ROWS_AT_ONCE):
        sink = io.BytesIO()
        pyarrow.csv.write_csv(arrow_table(frame.iloc[start : start + ROWS_AT_ONCE], types), sink, options)
        yield sink.getvalue()


def arrow_table(frame, types: list[str]):
    """The values of a frame in forms that both the CSV writer and Postgres know; `types` are those of the columns, by place."""
    import pyarrow

    arrays = [arrow_column(frame.iloc[:, place], kind) for place, kind in enumerate(types)]
    return pyarrow.table(arrays, names=[str(place) for place in range(len(arrays))])


def arrow_column(column, kind: str):
    import pyarrow

    text = texts(column, kind)
    if text is not None:
        return pyarrow.array(text, type=pyarrow.string())
    array = pyarrow.Array.from_pandas(column)
    array = array.combine_chunks() if isinstance(array, pyarrow.ChunkedArray) else array
    if pyarrow.types.is_null(array.type):
        return array.cast(pyarrow.string())
    return array.cast(pyarrow.float32()) if pyarrow.types.is_float16(array.type) else array


def texts(column, kind: str) -> list | None:
    """The values as text where Arrow's own writing would not do; None where it does."""
    import pandas

    dtype = column.dtype
    simple = pandas.api.types.is_numeric_dtype(dtype) or pandas.api.types.is_datetime64_any_dtype(dtype)
    if simple and not isinstance(dtype, (pandas.SparseDtype,)) and not pandas.api.types.is_complex_dtype(dtype):
        return None
    if isinstance(dtype, pandas.StringDtype):
        return None
    if pandas.api.types.is_timedelta64_dtype(dtype):
        return [None if value is pandas.NaT else str(value.value) for value in column]
    write = writer(kind)
    missing = column.isna().to_numpy()
    return [None if missing[place] else write(value) for place, value in enumerate(column.array)]


def writer(kind: str):
    if kind == 'jsonb':
        return json_text
    if kind.endswith('[]'):
        return array_literal
    if kind == 'bytea':
        return lambda value: '\\x' + bytes(value).hex()
    return scalar_text


def scalar_text(value) -> str:
    """Also values that a type of the caller's choice (`overwrite_types`) gives another form than their own."""
    if isinstance(value, dict) or type(value).__name__ == 'ndarray':
        return json_text(value)
    if hasattr(value, 'ordinal') and type(value).__name__ == 'Period':
        return str(value.ordinal)
    if type(value).__name__ in ('timedelta', 'Timedelta'):
        import pandas

        return str(pandas.Timedelta(value).value)
    return str(value)


def json_text(value) -> str:
    return json.dumps(value, default=json_default, ensure_ascii=False)


def json_default(value):
    if hasattr(value, 'tolist'):
        return value.tolist()
    return list(value) if isinstance(value, (set, frozenset)) else str(value)


def array_literal(values) -> str:
    return '{' + ','.join(array_item(value) for value in values) + '}'


def array_item(value) -> str:
    if value is None:
        return 'NULL'
    if isinstance(value, bool) or type(value).__name__ == 'bool_':
        return 'true' if value else 'false'
    text = str(value)
    if isinstance(value, str):
        escaped = text.replace('\\', '\\\\').replace('"', '\\"')
        return f'"{escaped}"'
    return text
