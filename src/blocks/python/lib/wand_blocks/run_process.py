"""
One process for all Python blocks of a run (`run_pipeline_in_one_process`, mage-format.md 2.1): they share modules, os.environ and
kwargs['context']. Tasks come on file descriptor 4, `{task, end}` a line; a block's output ends with the line `end`, its events with `idle`.
"""

import json
import os
import sys

from wand_blocks import channel, exported, main, streams, usage, variables, warnings_once, worker_watch


def live() -> None:
    channel.open_channel()
    tasks = os.dup(4)
    os.close(4)
    watch_worker()
    variables.share_context()
    with os.fdopen(tasks, 'rb') as lines:
        for line in lines:
            take_turn(json.loads(line))
    streams.flush()
    # Other threads of the blocks are not waited for: the run is over.
    os._exit(0)


def watch_worker() -> None:
    """User code gets /dev/null as its standard input; the end of the real one tells that the worker is gone."""
    stdin = os.dup(0)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    worker_watch.watch(stdin)


def take_turn(message: dict) -> None:
    warnings_once.start_over()
    exported.start_over()
    main.execute(message['task'])
    usage.tell_since_last()
    for descriptor in (1, 2):
        try:
            os.write(descriptor, message['end'].encode() + b'\n')
        except OSError:
            pass  # closed by user code: the process is replaced
    channel.idle()


if __name__ == '__main__':
    live()
    sys.exit(0)
