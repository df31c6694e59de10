"""
The decorators of block files. They give the function back as it is; while a block runs, those of its own type, `test` and `preprocesser`
collect (wand_blocks.block_file), whether they come from here or from the namespace of the file.
"""


def _identity(function):
    return function


def _identity_with_argument(function=None, *args, **kwargs):
    return function if callable(function) else _identity


_plain = (
    'chart conditional condition custom data_exporter data_loader data_source data_integration_catalog data_integration_config '
    'data_integration_destination data_integration_query data_integration_selected_streams data_integration_source columns configuration '
    'on_failure on_success preprocesser preprocesser_functions render sensor streaming_sink streaming_source test transformer x xy y'
).split()

for _name in _plain:
    globals()[_name] = _identity

callback = _identity_with_argument
extension = _identity_with_argument
