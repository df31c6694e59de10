"""Intervals of Postgres as timedeltas, as psycopg2 and so Mage hand them over: a year is 365 days, a month 30."""

import re
from datetime import timedelta

_days = {'year': 365, 'mon': 30, 'day': 1}


def timedelta_of(text: str) -> timedelta:
    """`1 year 2 mons -3 days +04:05:06.7`, the style `postgres` of intervals."""
    days = sum(int(number) * _days[unit] for number, unit in re.findall(r'([+-]?\d+) (year|mon|day)s?\b', text))
    clock = re.search(r'([+-]?)(\d+):(\d+):(\d+(?:\.\d+)?)', text)
    if not clock:
        return timedelta(days=days)
    sign, hours, minutes, seconds = clock.groups()
    time = timedelta(hours=int(hours), minutes=int(minutes), microseconds=round(float(seconds) * 1_000_000))
    return timedelta(days=days) + (-time if sign == '-' else time)
