"""What a block asks its worker while it runs: one JSON object a line on a unix socket that the task names (src/engine/requests)."""

import contextlib
import json
import os
import socket
import threading

_door: dict | None = None
_lock = threading.RLock()
_connection: tuple | None = None
_number = 0


class RequestFailed(Exception):
    """The worker's own words; `fix` is shown with the block's error."""

    fix: str | None = None


def use(task: dict) -> None:
    global _door, _connection
    _door = task.get('requests')
    _connection = None


def ask(method: str, **params):
    """The worker's answer. Raises RequestFailed if it says no, or if nobody is there to ask."""
    global _number
    with _lock:
        stream = connection(method)
        _number += 1
        stream.write(json.dumps({'id': _number, 'method': method, 'params': params}, default=str).encode() + b'\n')
        stream.flush()
        line = stream.readline()
    answer = json.loads(line) if line else {'error': {'message': 'the worker does not answer'}}
    problem = answer.get('error')
    if problem:
        error = RequestFailed(problem['message'])
        error.fix = problem.get('fix')
        raise error
    return answer.get('result')


def connection(method: str):
    """One for each process: a child that user code forks must not share its parent's."""
    global _connection
    if _connection is None or _connection[0] != os.getpid():
        if not _door:
            raise RequestFailed(f'there is no worker to ask for {method}')
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        client.connect(_door['socket'])
        client.sendall(_door['token'].encode('ascii') + b'\n')
        _connection = (os.getpid(), client.makefile('rwb'))
    return _connection[1]


@contextlib.contextmanager
def waiting():
    """Meanwhile the worker gives this block's place to another one."""
    told = tell_waiting(True)
    try:
        yield
    finally:
        if told:
            tell_waiting(False)


def tell_waiting(on: bool) -> bool:
    try:
        ask('waiting', on=on)
        return True
    except (RequestFailed, OSError):
        return False
