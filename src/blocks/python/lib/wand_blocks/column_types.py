"""Names of column types as screens and JSON show them: short and lower-case."""

import json

_names = {
    'string': 'text',
    'large_string': 'text',
    'string_view': 'text',
    'double': 'float64',
    'float': 'float32',
    'halffloat': 'float16',
    'date32[day]': 'date',
    'date64[ms]': 'date',
    'binary': 'bytes',
    'large_binary': 'bytes',
}


def columns_of(schema, codecs: dict) -> list[dict]:
    index = index_columns(schema)
    return [
        {'name': field.name, 'type': codecs_type(codecs.get(field.name)) or type_name(field.type)}
        for field in schema
        if field.name not in index
    ]


def index_columns(schema) -> set[str]:
    metadata = json.loads((schema.metadata or {}).get(b'pandas', b'{}'))
    return {name for name in metadata.get('index_columns', []) if isinstance(name, str)}


def codecs_type(codec: str | None) -> str | None:
    return codec if codec in ('json', 'uuid') else None


def type_name(arrow_type) -> str:
    import pyarrow.types as types

    if isinstance(arrow_type, __import__('pyarrow').BaseExtensionType):
        return type_name(arrow_type.storage_type)
    if types.is_dictionary(arrow_type):
        return type_name(arrow_type.value_type)
    if types.is_timestamp(arrow_type):
        return 'timestamptz' if arrow_type.tz else 'timestamp'
    if types.is_time(arrow_type):
        return 'time'
    if types.is_duration(arrow_type):
        return 'interval'
    if types.is_decimal(arrow_type):
        return f'decimal({arrow_type.precision},{arrow_type.scale})'
    if types.is_list(arrow_type) or types.is_large_list(arrow_type) or types.is_fixed_size_list(arrow_type):
        return f'{type_name(arrow_type.value_type)}[]'
    if types.is_struct(arrow_type) or types.is_map(arrow_type):
        return 'struct'
    text = str(arrow_type)
    return _names.get(text, text)
