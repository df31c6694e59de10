"""Finds the row at which a block failed, where its code goes row by row: iterrows, itertuples, apply(axis=1)."""

import sys

_most_columns = 50
_most_characters = 200


def find(error: BaseException, files: tuple) -> dict | None:
    """The row that the deepest frame of the block's own code holds; None where there is none. Never raises."""
    try:
        found = None
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename in files:
                found = row_in(trace.tb_frame.f_locals) or found
            trace = trace.tb_next
        return found
    except Exception:
        return None


def row_in(variables: dict) -> dict | None:
    pandas = sys.modules.get('pandas')
    if pandas is None:
        return None
    for value in reversed(list(variables.values())):
        if isinstance(value, pandas.Series) and names_columns(value.index):
            return described(value.name, zip(value.index, value.array, strict=True))
        if isinstance(value, tuple) and type(value).__name__ == 'Pandas' and hasattr(value, '_fields'):
            fields = value._asdict()
            return described(fields.pop('Index', None), fields.items())
    return None


def names_columns(index) -> bool:
    """A row's labels are column names; a column's are numbers, mostly, and many."""
    return 0 < len(index) <= 2_000 and all(isinstance(label, str) for label in index)


def described(label, values) -> dict:
    """Labels of a frame count from 0 unless its maker says otherwise; rows are counted from 1."""
    number = int(label) + 1 if isinstance(label, int) or type(label).__name__.startswith('int') else None
    return {
        'input': None,
        'number': number,
        'values': [[str(column), text(value)] for column, value in list(values)[:_most_columns]],
    }


def text(value) -> str | None:
    pandas = sys.modules['pandas']
    missing = pandas.isna(value)
    if isinstance(missing, bool) and missing:
        return None
    return str(value)[:_most_characters]
