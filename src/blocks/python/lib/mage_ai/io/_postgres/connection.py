"""A connection to Postgres that fails with the real cause, and with the way out."""

from mage_ai.io.config_keys import ConfigKey


def settings_of(config) -> dict:
    """The constructor arguments that a profile gives (mage-format.md 6.1)."""
    return {
        'dbname': config[ConfigKey.POSTGRES_DBNAME],
        'user': config[ConfigKey.POSTGRES_USER],
        'password': config[ConfigKey.POSTGRES_PASSWORD],
        'host': config[ConfigKey.POSTGRES_HOST],
        'port': config[ConfigKey.POSTGRES_PORT],
        'schema': config[ConfigKey.POSTGRES_SCHEMA],
        'connect_timeout': config[ConfigKey.POSTGRES_CONNECT_TIMEOUT],
        'connection_method': config[ConfigKey.POSTGRES_CONNECTION_METHOD] or 'direct',
        **optional(config, sslmode='SSL_MODE', sslrootcert='SSL_ROOTCERT', sslcert='SSL_CERT', sslkey='SSL_KEY'),
    }


def optional(config, **names: str) -> dict:
    found = {argument: config.get(f'POSTGRES_{key}') for argument, key in names.items()}
    return {argument: value for argument, value in found.items() if value is not None}


def connect(settings: dict):
    """Opens a psycopg connection whose cursors put parameters into the text, as psycopg2 does: `execute` takes any statement with `%(name)s`."""
    import psycopg

    arguments = {name: value for name, value in settings.items() if value not in (None, '')}
    try:
        return psycopg.connect(**arguments, cursor_factory=psycopg.ClientCursor)
    except psycopg.Error as error:
        problem = ConnectionError(f'Could not connect to Postgres at {place(settings)}: {str(error).strip()}')
        problem.fix = way_out(settings)
        raise problem from None


def place(settings: dict) -> str:
    """Never the password."""
    return f"{settings.get('host')}:{settings.get('port')} as {settings.get('user')}, database {settings.get('dbname')}"


def way_out(settings: dict) -> str:
    unset = [name for name in ('host', 'port', 'user', 'password', 'dbname') if settings.get(name) in ('None', '')]
    if unset:
        variables = ', '.join(f'POSTGRES_{name.upper()}' for name in unset)
        return f'Set {variables} in .env or in the shell: io_config.yaml reads them there and found nothing.'
    return 'Check host, port, user and password in io_config.yaml and .env; POSTGRES_HOST=embedded uses the server that wand brings.'
