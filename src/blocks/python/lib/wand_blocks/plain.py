"""Which values JSON can hold, and how they arrive (mage-format.md 9.2): tuples and sets as lists, keys as text, NaN as null."""

import math

_scalars = (str, bool, int, type(None))


class NotPlain(Exception):
    """The value holds something that JSON would change beyond that."""


def plain(value):
    """The JSON form of a value; raises NotPlain. A bare NumPy number is not plain (it stays one), inside a dict or list it is a number."""
    if isinstance(value, bytes):
        try:
            return value.decode('utf-8')
        except UnicodeDecodeError:
            raise NotPlain from None
    if type(value).__module__ == 'numpy':
        raise NotPlain
    return _plain(value)


def _plain(value):
    kind = type(value)
    if kind in _scalars:
        return value
    if kind is float:
        return value if math.isfinite(value) else _not_finite(value)
    if kind is dict:
        return {_key(key): _plain(item) for key, item in value.items()}
    if kind in (list, tuple, set, frozenset):
        return [_plain(item) for item in value]
    if kind.__module__ == 'numpy' and hasattr(value, 'item') and getattr(value, 'ndim', None) == 0:
        item = value.item()
        if type(item) in (bool, int, float, str):
            return _plain(item)
    raise NotPlain


def _not_finite(value: float):
    if math.isnan(value):
        return None
    raise NotPlain


def _key(key) -> str:
    if isinstance(key, str):
        return key
    if key is None or isinstance(key, (bool, int)):
        return {None: 'null', True: 'true', False: 'false'}[key] if key is None or isinstance(key, bool) else str(key)
    raise NotPlain
