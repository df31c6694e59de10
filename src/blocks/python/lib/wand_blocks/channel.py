"""The events of a block: one JSON object a line on a pipe of their own, never mixed with what C code or subprocesses write to stdout."""

import json
import os
import threading

_descriptor: int | None = None
_lock = threading.RLock()

LONGEST_LINE = 10 * 1024 * 1024


def open_channel(descriptor: int = 3) -> None:
    """Moves the pipe away from 3 and closes it for subprocesses: they must neither hold it open nor write to it by chance."""
    global _descriptor
    _descriptor = os.dup(descriptor)  # Python makes new descriptors non-inheritable
    os.close(descriptor)


def use(descriptor: int) -> None:
    """For a channel that already is where nobody else looks for it."""
    global _descriptor
    _descriptor = descriptor


def renew_lock() -> None:
    global _lock
    _lock = threading.RLock()


def log(text: str, source: str = 'wand', level: str = 'info') -> None:
    """One event for each line of `text`."""
    for line in text.split('\n'):
        if len(line) > LONGEST_LINE:
            line = f'{line[:LONGEST_LINE]} [cut: {len(line) - LONGEST_LINE} more characters in this line]'
        _say({'type': 'log', 'level': level, 'source': source, 'text': line})


def test(name: str, passed: bool, message: str | None) -> None:
    _say({'type': 'test', 'name': name, 'passed': passed, 'message': message})


def output(stored: dict) -> None:
    _say({'type': 'output', 'output': stored})


def error(problem: dict) -> None:
    _say({'type': 'error', 'error': problem})


def usage(cpu_ms: float, peak_rss_bytes: int) -> None:
    _say({'type': 'usage', 'usage': {'cpuMs': cpu_ms, 'peakRssBytes': peak_rss_bytes}})


def done(rows: int | None) -> None:
    _say({'type': 'done', 'rows': rows})


def idle() -> None:
    """The block is over and its process waits for the next one. Spelt without blanks, as the worker looks for it."""
    _send(b'{"type":"idle"}\n')


def _say(event: dict) -> None:
    _send((json.dumps(event) + '\n').encode('ascii'))


def _send(line: bytes) -> None:
    data = memoryview(line)
    with _lock:
        while data:
            data = data[os.write(_descriptor, data) :]
