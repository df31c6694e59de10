"""Names of columns and tables as Mage makes them (mage-format.md 1.4, 5.3)."""

import os
import re
from functools import cache

_dropped = re.compile('[\ufeff"$\r\n\t]')


@cache
def reserved_words() -> frozenset:
    """The words that get a leading underscore; more than Postgres itself reserves."""
    path = os.path.join(os.path.dirname(__file__), 'reserved_words.txt')
    with open(path, encoding='utf-8') as file:
        return frozenset(file.read().split())


def clean_name(name: str, case_sensitive: bool = False) -> str:
    cleaned = re.sub(r'\W', '_', _dropped.sub('', str(name)))
    if cleaned[:1].isdigit():
        cleaned = f'letter_{cleaned}'
    return cleaned if case_sensitive else cleaned.lower()


def column_names(names, allow_reserved_words: bool, auto_clean_name: bool, case_sensitive: bool) -> list[str]:
    """The names the table gets; two columns that come out the same are an error that names both."""
    found: dict[str, str] = {}
    for name in names:
        new = clean_name(name, case_sensitive) if auto_clean_name else str(name)
        if auto_clean_name and not allow_reserved_words and new.lower() in reserved_words():
            new = f'_{new}'
        if new in found:
            raise ValueError(f"columns '{found[new]}' and '{name}' would both be named '{new}' in the table")
        found[new] = str(name)
    return list(found)


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def folded(name: str) -> str:
    """A schema or table as Mage writes it: without quotes, so that Postgres folds it to lower case; quotes in the name keep it."""
    if len(name) > 1 and name[0] == name[-1] == '"':
        return name[1:-1].replace('""', '"')
    return name.lower()


def qualified(schema: str | None, table: str) -> str:
    return f'{quote(schema)}.{quote(table)}' if schema else quote(table)
