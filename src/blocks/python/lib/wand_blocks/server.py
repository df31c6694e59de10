"""
Forks a process for each block from one that has imported pandas already: `python -u -m wand_blocks.server`, started by wand's worker.

Commands come as lines on standard input, first the settings; answers go to standard output as one JSON object a line. A forked child talks to
the worker itself (server_child.py), so the worker can give a block to a child that was forked ahead without asking here.
"""

import gc
import json
import os
import select
import signal
import sys

from wand_blocks import death_signal, server_child, server_preload

_children: set[int] = set()


def main() -> None:
    sys.path[:] = [path for path in sys.path if path not in ('', os.getcwd())]
    commands = Commands()
    settings = json.loads(commands.first())
    commands.at_end = lambda: leave(settings)
    signal.signal(signal.SIGTERM, lambda *_: leave(settings))
    # Not KILL: what blocks have started would live on, while this process can end their groups before it goes.
    death_signal.send_when_parent_dies(signal.SIGTERM, settings['worker'])
    wake, waker = os.pipe()
    os.set_blocking(waker, False)
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    gc.disable()

    # The first block must not wait for pandas, which it may not need.
    fork(settings, warm=False, close=(wake, waker))
    server_preload.preload()
    gc.freeze()
    fork(settings, warm=True, close=(wake, waker))
    tell({'ready': True})
    while True:
        # Before waiting: what came together with the settings was read with them, and nothing more may ever come.
        for _ in commands.complete():
            fork(settings, warm=True, close=(wake, waker))
        readable, _, _ = select.select([0, wake], [], [])
        if wake in readable:
            empty(wake)
            reap()
        if 0 in readable:
            commands.read()


def fork(settings: dict, warm: bool, close: tuple) -> None:
    server = os.getpid()
    try:
        pid = os.fork()
    except OSError as error:
        tell({'forkFailed': str(error)})
        return
    if pid == 0:
        try:
            for descriptor in close:
                os.close(descriptor)
            server_child.live(settings, server, warm)
        finally:
            os._exit(70)
    _children.add(pid)


def reap() -> None:
    """Ends what a dead child has left of its group while its number is still taken by the zombie, then tells how it ended and what it used."""
    while _children:
        try:
            dead = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if dead is None:
            return
        end_group(dead.si_pid)
        _, status, usage = os.wait4(dead.si_pid, 0)
        _children.discard(dead.si_pid)
        tell({
            'exit': dead.si_pid,
            'code': os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            'signal': signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else None,
            'cpuMs': round((usage.ru_utime + usage.ru_stime) * 1000, 3),
            'peakRssBytes': usage.ru_maxrss * 1024,
        })


def end_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except OSError:
        pass


def leave(settings: dict) -> None:
    """The worker is gone or has sent us away: no block of ours stays behind, and not the socket of a worker that was killed."""
    for pid in list(_children):
        end_group(pid)
        try:
            os.kill(pid, signal.SIGKILL)  # one that does not lead its group yet
        except OSError:
            pass
    try:
        os.unlink(settings['socket'])
    except OSError:
        pass
    os._exit(0)


def tell(answer: dict) -> None:
    data = (json.dumps(answer) + '\n').encode('ascii')
    try:
        while data:
            data = data[os.write(1, data) :]
    except BrokenPipeError:
        pass  # the worker is gone: the end of standard input says so too


def empty(descriptor: int) -> None:
    try:
        while os.read(descriptor, 4096):
            pass
    except BlockingIOError:
        pass


class Commands:
    """The lines of standard input, read without a buffer that a forked child would inherit."""

    def __init__(self):
        self._rest = b''
        self.at_end = lambda: os._exit(0)

    def first(self) -> bytes:
        while b'\n' not in self._rest:
            self.read()
        line, self._rest = self._rest.split(b'\n', 1)
        return line

    def complete(self) -> list[bytes]:
        """Lines that have been read and not been answered."""
        *lines, self._rest = self._rest.split(b'\n')
        return lines

    def read(self) -> None:
        part = os.read(0, 4096)
        if not part:
            self.at_end()
        self._rest += part


if __name__ == '__main__':
    main()
