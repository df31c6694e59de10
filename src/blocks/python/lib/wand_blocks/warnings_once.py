"""Warnings about rules in which wand keeps what Mage would lose or change (mage-format.md 14): each rule once per block."""

from wand_blocks import channel

_said: set[str] = set()


def start_over() -> None:
    _said.clear()


def warn_once(rule: str, text: str) -> None:
    if rule not in _said:
        _said.add(rule)
        channel.log(f'{text} [{rule}]', level='warning')
