"""`kwargs['logger']` (mage-format.md 7.2)."""

import traceback

from wand_blocks import channel, streams


class DictLogger:
    """Logs a message; further keyword arguments are tags, shown on a line of their own below it."""

    def debug(self, message, **tags) -> None:
        self._log('debug', message, tags)

    def info(self, message, **tags) -> None:
        self._log('info', message, tags)

    def warning(self, message, **tags) -> None:
        self._log('warning', message, tags)

    warn = warning

    def error(self, message, **tags) -> None:
        self._log('error', message, tags)

    def exception(self, message, **tags) -> None:
        self._log('error', message, tags)
        if not isinstance(tags.get('error'), BaseException):
            channel.log(traceback.format_exc().rstrip(), source='log', level='error')

    def critical(self, message, **tags) -> None:
        self._log('error', message, tags)

    def _log(self, level: str, message, tags: dict) -> None:
        streams.end_partial_lines()
        channel.log(str(message), source='log', level=level)
        error = tags.pop('error', None)
        if tags:
            channel.log('  ' + ' '.join(f'{key}={value!r}' for key, value in tags.items()), source='log', level=level)
        if isinstance(error, BaseException):
            lines = traceback.format_exception(error)
            channel.log(''.join(lines).rstrip(), source='log', level=level)
        elif error is not None:
            channel.log(f'  error={error!r}', source='log', level=level)
