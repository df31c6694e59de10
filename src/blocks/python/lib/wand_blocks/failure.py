"""Turns an exception into the error of a block: what, where in the user's code, the traceback without wand's own frames, the way out."""

import os
import traceback

from wand_blocks import channel, kept_code, failing_row, missing_module, streams

_library = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class BlockFailure(Exception):
    """A problem that wand itself found in a block."""

    def __init__(self, message: str, file: str | None = None, line: int | None = None, fix: str | None = None, trace: bool = True):
        super().__init__(message)
        self.file = file
        self.line = line
        self.fix = fix
        self.trace = trace


def report(error: BaseException, task: dict) -> None:
    """Sends the traceback as log lines, then the error itself."""
    streams.flush()
    problem = describe(error, task)
    if problem['traceback']:
        channel.log(problem['traceback'], level='error')
    else:
        channel.log(problem['message'], level='error')
    channel.error(problem)


def describe(error: BaseException, task: dict) -> dict:
    kept_code.show_kept_lines(files_of(error))
    if isinstance(error, BlockFailure):
        return {
            'type': 'Exception',
            'message': str(error),
            'file': error.file or task['file'],
            'line': error.line,
            'traceback': None,
            'fix': error.fix,
        }
    file, line = place(error, task)
    return {
        'type': type_name(error),
        'message': message(error),
        'file': file,
        'line': line,
        'traceback': trace_text(error),
        'fix': missing_module.fix(error) or getattr(error, 'fix', None),
        'row': failing_row.find(error, (task['file'],)),
    }


def message(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return f'The block called sys.exit({error.code!r})' if error.code is not None else 'The block called sys.exit()'
    if isinstance(error, SyntaxError):
        return error.msg or 'invalid syntax'
    return str(error).strip() or type(error).__name__


def type_name(error: BaseException) -> str:
    """As the last line of a traceback names it."""
    kind = type(error)
    return kind.__qualname__ if kind.__module__ in ('builtins', '__main__') else f'{kind.__module__}.{kind.__qualname__}'


def place(error: BaseException, task: dict) -> tuple[str | None, int | None]:
    """The deepest line of the block's file; failing that, of the project; a syntax error names its own."""
    if isinstance(error, SyntaxError) and error.filename and inside(error.filename, task['projectPath'], task['file']):
        return error.filename, error.lineno
    frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    in_block = [frame for frame in frames if frame[0] == task['file']]
    in_project = [frame for frame in frames if inside(frame[0], task['projectPath'], task['file'])]
    found = in_block or in_project
    return found[-1] if found else (task['file'], None)


def inside(file: str, project: str, block_file: str) -> bool:
    return file == block_file or (file.startswith(project + os.sep) and f'{os.sep}site-packages{os.sep}' not in file)


def files_of(error: BaseException | None, seen: set | None = None):
    """Files of the frames of an error and of those that led to it."""
    seen = set() if seen is None else seen
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    for frame, _ in traceback.walk_tb(error.__traceback__):
        yield frame.f_code.co_filename
    yield from files_of(error.__cause__, seen)
    yield from files_of(error.__context__, seen)


def failing_line(error: BaseException) -> str | None:
    """The source text of the line that failed, for an assertion without a message."""
    kept_code.show_kept_lines(files_of(error))
    frames = traceback.extract_tb(error.__traceback__)
    return frames[-1].line if frames else None


def trace_text(error: BaseException) -> str:
    # Locals would be useful, but may hold secrets and whole frames of data.
    kept_code.show_kept_lines(files_of(error))
    described = traceback.TracebackException.from_exception(error)
    seen: set[int] = set()
    without_own_frames(described, seen)
    return ''.join(described.format()).rstrip()


def without_own_frames(described: traceback.TracebackException | None, seen: set) -> None:
    if described is None or id(described) in seen:
        return
    seen.add(id(described))
    frames = [frame for frame in described.stack if not frame.filename.startswith(_library + os.sep)]
    described.stack = traceback.StackSummary.from_list(frames)
    without_own_frames(described.__cause__, seen)
    without_own_frames(described.__context__, seen)
    for inner in getattr(described, 'exceptions', None) or []:
        without_own_frames(inner, seen)
