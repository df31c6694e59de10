"""sys.stdout, sys.stderr and logging as log lines of the block, in the exact order in which the block wrote them."""

import io
import logging
import os
import sys
import threading

from wand_blocks import channel

_lock = threading.RLock()
_levels = ((logging.ERROR, 'error'), (logging.WARNING, 'warning'), (logging.INFO, 'info'))


def redirect() -> None:
    sys.stdout = sys.__stdout__ = LineStream('stdout')
    sys.stderr = sys.__stderr__ = LineStream('stderr')
    root = logging.getLogger()
    # A process of several blocks comes here for each of them.
    if any(isinstance(handler, ChannelHandler) for handler in root.handlers):
        return
    root.addHandler(ChannelHandler())
    root.setLevel(logging.INFO)
    os.register_at_fork(after_in_child=forget_parent)


def forget_parent() -> None:
    """In a forked child: the parent's unfinished lines are the parent's, and a lock that another of its threads held would never come free."""
    global _lock
    _lock = threading.RLock()
    channel.renew_lock()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, LineStream):
            stream.start_over()


def flush() -> None:
    """Sends unfinished lines. User code may have put streams of its own in place."""
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        try:
            stream.end() if isinstance(stream, LineStream) else stream.flush()
        except Exception:
            pass


class LineStream(io.TextIOBase):
    """A text stream that sends whole lines; an unfinished line waits for its end, or for the end of the block."""

    encoding = 'utf-8'
    errors = 'replace'

    def __init__(self, source: str):
        self._source = source
        self._rest = ''
        self._owner = os.getpid()
        self.buffer = ByteStream(self)

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f'write() argument must be str, not {type(text).__name__}')
        with _lock:
            *lines, self._rest = (self._rest + text).split('\n')
            for line in lines:
                self._send(line)
            if len(self._rest) > channel.LONGEST_LINE:
                self.end()
        return len(text)

    def end(self) -> None:
        with _lock:
            if self._rest:
                rest, self._rest = self._rest, ''
                self._send(rest)

    def flush(self) -> None:
        """Half a line stays half: `print('loading', end='', flush=True)` is not two lines. A forked child has no other end than this."""
        if os.getpid() != self._owner:
            self.end()

    def start_over(self) -> None:
        self._rest = ''

    def _send(self, line: str) -> None:
        channel.log(line.removesuffix('\r'), source=self._source)

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return 1 if self._source == 'stdout' else 2

    @property
    def name(self) -> str:
        return f'<{self._source}>'


class ByteStream(io.RawIOBase):
    """`sys.stdout.buffer`, for code that writes bytes."""

    def __init__(self, text: LineStream):
        self._text = text

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self._text.write(bytes(data).decode('utf-8', 'replace'))
        return len(data)


class ChannelHandler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        try:
            end_partial_lines()
            channel.log(self.format(record), source='log', level=level_name(record.levelno))
        except Exception:
            self.handleError(record)


def end_partial_lines() -> None:
    """A log line does not wait behind half a printed one: what was printed first is shown first."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, LineStream):
            stream.end()


def level_name(number: int) -> str:
    return next((name for level, name in _levels if number >= level), 'debug')
