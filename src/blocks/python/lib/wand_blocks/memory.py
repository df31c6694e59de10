"""Outputs kept as they are for later blocks of the same process (`cache_block_output_in_memory`): they skip what storing changes."""

_outputs: dict[str, list] = {}


def keep(block: str, values: list) -> None:
    _outputs[block] = values


def outputs_of(block: str) -> list | None:
    return _outputs.get(block)
