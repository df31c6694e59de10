"""What this process and those it has waited for have used, told to the worker: for a process that has no server to tell it."""

import resource
import sys

from wand_blocks import channel


_told_ms = 0.0


def tell_since_last() -> None:
    """For a process that runs block after block: the processor time is that of the last one, the peak that of all so far."""
    global _told_ms
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    total = (own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime) * 1000
    channel.usage(round(total - _told_ms, 3), max(own.ru_maxrss, others.ru_maxrss) * (1 if sys.platform == 'darwin' else 1024))
    _told_ms = total


def tell() -> None:
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    seconds = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
    unit = 1 if sys.platform == 'darwin' else 1024
    channel.usage(round(seconds * 1000, 3), max(own.ru_maxrss, others.ru_maxrss) * unit)
