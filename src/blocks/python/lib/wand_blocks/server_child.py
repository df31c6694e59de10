"""A process forked ahead for one block: connects to the worker, waits for its task, becomes the block's process, runs it."""

import atexit
import gc
import inspect
import json
import os
import signal
import socket
import sys
import threading
import time

from wand_blocks import channel, death_signal, streams, worker_watch


def live(settings: dict, server: int, warm: bool) -> None:
    """Never returns."""
    os.setsid()
    death_signal.send_when_parent_dies(signal.SIGKILL, server)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    events = connect(settings, warm)
    rehearse(warm)
    message = json.loads(worker_watch.first_line(events))
    channel.use(events)
    worker_watch.watch(events)
    gc.enable()
    leave(run(message['task'], message['environment']))


def connect(settings: dict, warm: bool) -> int:
    """Three connections, since plain output must not be mixed with events; answers the one for events. Standard output and error are the others."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    for descriptor, role in ((1, 'stdout'), (2, 'stderr')):
        connection = reach(settings, role, warm)
        os.dup2(connection.fileno(), descriptor)
        connection.close()
    return reach(settings, 'events', warm).detach()


def reach(settings: dict, role: str, warm: bool) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(settings['socket'])
    connection.sendall(f"{settings['token']} {role} {os.getpid()} {'warm' if warm else 'bare'}\n".encode('ascii'))
    return connection


def run(task: dict, environment: dict) -> int:
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    try:
        os.chdir(task['workingDirectory'])
    except OSError as error:
        fix = None
        message = f"The block could not be started in {task['workingDirectory']}: {error.strerror}"
        channel.error({'type': 'spawn-failed', 'message': message, 'file': None, 'line': None, 'traceback': None, 'fix': fix})
        return 1
    from wand_blocks.main import execute

    return execute(task)


def rehearse(warm: bool) -> None:
    """Does while nobody waits what would copy shared pages during the block."""
    reseed()
    if warm:
        namespace: dict = {}
        exec(compile('def f(*args, **kwargs): return args', '<rehearsal>', 'exec'), namespace)
        inspect.signature(namespace['f'])
        json.loads(json.dumps({'a': [1, 'b']}))
        os.environ.update(dict(os.environ))


def reseed() -> None:
    """Python's own generator does this at a fork; numpy's would give every block the same numbers."""
    random = sys.modules.get('numpy.random')
    if random is not None:
        random.seed()


def leave(code: int) -> None:
    """As Python ends: other threads are waited for, then what was registered for the end. Tearing down modules would only take time."""
    try:
        threading._shutdown()
        atexit._run_exitfuncs()
    finally:
        streams.flush()
        os._exit(code)
