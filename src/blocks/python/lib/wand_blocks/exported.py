"""Counts the rows that a block wrote to databases, so that an exporter without outputs can show them."""

_rows: int | None = None


def add(rows: int) -> None:
    global _rows
    _rows = (_rows or 0) + rows


def start_over() -> None:
    global _rows
    _rows = None


def rows() -> int | None:
    return _rows
