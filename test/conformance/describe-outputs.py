"""
Reads stored outputs as a Python block downstream gets them, and describes each in the shape of the pack's expected.json.

Standard input: a JSON list of wand's StoredOutputs. Standard output: a JSON list of descriptions, in the same order.
"""

import datetime
import decimal
import json
import math
import sys
import uuid

import numpy
import pandas

from wand_blocks.stored import read_output

HEAD_ROWS = 10
INDEX_ROWS = 5


def main() -> None:
    outputs = json.load(sys.stdin)
    json.dump([description(output) for output in outputs], sys.stdout, ensure_ascii=False)


def description(output: dict) -> dict:
    try:
        return describe(read_output(output))
    except Exception as error:
        return {'kind': 'unreadable', 'error': f'{type(error).__name__}: {error}'[:300]}


def describe(value) -> dict:
    if isinstance(value, pandas.DataFrame):
        return describe_frame(value)
    if isinstance(value, pandas.Series):
        tagged = str(value.dtype) == 'object'
        head = [plain(item, tagged) for item in value.head(HEAD_ROWS)]
        return {'kind': 'series', 'name': plain(value.name), 'dtype': str(value.dtype), 'rows': len(value), 'head': head}
    if type(value).__module__.startswith('polars'):
        return {'kind': f'polars {type(value).__name__}', 'value': str(value)[:400]}
    if isinstance(value, numpy.ndarray):
        return {'kind': 'ndarray', 'dtype': str(value.dtype), 'shape': list(value.shape), 'value': plain(value.tolist())}
    return {'kind': type(value).__name__, 'value': plain(value)}


def describe_frame(frame: pandas.DataFrame) -> dict:
    types = [str(dtype) for dtype in frame.dtypes]
    described = {'kind': 'dataframe', 'rows': len(frame), 'columns': {str(name): dtype for name, dtype in zip(frame.columns, types)}}
    if not isinstance(frame.index, pandas.RangeIndex):
        labels = [plain(label) for label in frame.index[:INDEX_ROWS]]
        described['index'] = {'type': type(frame.index).__name__, 'name': plain(frame.index.name), 'head': labels}
    columns = range(len(types))
    rows = range(min(HEAD_ROWS, len(frame)))
    described['head'] = [[plain(frame.iat[row, column], types[column] == 'object') for column in columns] for row in rows]
    return described


def plain(value, tagged: bool = True):
    """A value as JSON; what JSON lacks as `{"$": type, "v": text}`. Dates in a column of a date type are bare text (`tagged` False)."""
    if value is None or value is pandas.NaT or value is pandas.NA:
        return None
    if isinstance(value, (bool, numpy.bool_)):
        return bool(value)
    if isinstance(value, str):
        return value
    if isinstance(value, (numpy.datetime64, numpy.timedelta64)) and not tagged:
        return str(value)
    if isinstance(value, (int, numpy.integer)) and not isinstance(value, numpy.timedelta64):
        return int(value)
    if isinstance(value, (float, numpy.floating)):
        return plain_float(float(value))
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, tuple):
        return {'$': 'tuple', 'v': [plain(item) for item in value]}
    if isinstance(value, numpy.ndarray):
        return {'$': 'ndarray', 'dtype': str(value.dtype), 'v': plain(value.tolist())}
    if isinstance(value, (pandas.DataFrame, pandas.Series)):
        return describe(value)
    if isinstance(value, (pandas.Timestamp, pandas.Timedelta)) and not tagged:
        return str(value)
    return {'$': type(value).__name__, 'v': tagged_text(value)}


def plain_float(value: float):
    if math.isnan(value):
        return None
    return str(value) if math.isinf(value) else value


def tagged_text(value) -> str:
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (decimal.Decimal, bytes, datetime.timedelta, uuid.UUID)):
        return str(value)
    return str(value)[:200]


main()
