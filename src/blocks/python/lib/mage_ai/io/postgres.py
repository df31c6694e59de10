"""`mage_ai.io.postgres.Postgres` on psycopg 3 (mage-format.md 5.2)."""

import warnings

from mage_ai.io._postgres import connection
from mage_ai.io._postgres.export import export_frame
from mage_ai.io._postgres.names import folded
from mage_ai.io.base import QUERY_ROW_LIMIT

__all__ = ['Postgres']


class Postgres:
    def __init__(
        self, dbname, user, password, host, port=None, schema=None, connection_method='direct', ssh_host=None, ssh_port=None, ssh_username=None,
        ssh_password=None, ssh_pkey=None, verbose=True, connect_timeout=None, **kwargs,
    ):  # fmt: skip
        if str(connection_method or 'direct') != 'direct':
            from mage_ai._unsupported import later

            raise later('POSTGRES_CONNECTION_METHOD ssh_tunnel', 'Open the tunnel with ssh -L and put localhost and its port into the profile.')
        self.verbose = verbose
        self.schema = schema
        self._connection = None
        self.settings = {
            'dbname': dbname, 'user': user, 'password': password, 'host': host, 'port': port, 'connect_timeout': connect_timeout,
            'keepalives': 1, 'keepalives_idle': 300, **kwargs,
        }  # fmt: skip

    @classmethod
    def with_config(cls, config, **kwargs):
        return cls(**{**connection.settings_of(config), **kwargs})

    def __enter__(self):
        self.open()
        return self

    def __exit__(self, *reason) -> None:
        self.close()

    def open(self) -> None:
        if self._connection is None or self._connection.closed:
            self._connection = connection.connect(self.settings)

    def close(self) -> None:
        """What was not committed is lost."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @property
    def conn(self):
        if self._connection is None:
            raise ConnectionError('The connection is not open: use "with Postgres.with_config(...) as loader", or call open() first')
        return self._connection

    def default_database(self) -> str:
        return self.settings['dbname']

    def default_schema(self) -> str | None:
        return self.schema

    def commit(self) -> None:
        self.conn.commit()

    def rollback(self) -> None:
        self.conn.rollback()

    def execute(self, query_string: str, **query_vars) -> None:
        """Runs a statement, without commit."""
        with self.conn.cursor() as cursor:
            cursor.execute(query_string, query_vars or None)

    def execute_query_raw(self, query: str, **kwargs) -> None:
        """Runs one or more statements, and commits."""
        self.execute(query)
        self.commit()

    def execute_queries(self, queries, query_variables=None, commit: bool = False, fetch_query_at_indexes=None, **kwargs) -> list:
        """Runs statements in order; those at `fetch_query_at_indexes` answer a DataFrame, the others their query."""
        wanted = set(fetch_query_at_indexes or [])
        results = []
        for place, query in enumerate(queries):
            variables = query_variables[place] if query_variables and place < len(query_variables) else {}
            if place in wanted:
                results.append(self.load(query, verbose=False))
            else:
                self.execute(query, **(variables or {}))
                results.append(query)
        if commit:
            self.commit()
        return results

    def load(self, query_string: str, limit: int = QUERY_ROW_LIMIT, display_query: str | None = None, verbose: bool = True, **kwargs):
        """The rows of one query, at most `limit`, as a DataFrame with the dtypes of pandas.read_sql."""
        import pandas

        if self.verbose and verbose:
            print(f'{(display_query or query_string).strip()}\n...')
        # A data-changing statement may not stand inside WITH of a subquery's FROM, but at the top level it may: so a CTE, as Mage has it.
        query = f'WITH subquery AS (\n    {query_string.strip().rstrip(";").rstrip()}\n)\n\nSELECT *\nFROM subquery\nLIMIT {int(limit)}'
        with warnings.catch_warnings():
            warnings.simplefilter('ignore', UserWarning)  # pandas would rather have SQLAlchemy
            return pandas.read_sql(query, self.conn, **kwargs)

    def sample(self, schema: str | None, table: str, size: int = QUERY_ROW_LIMIT, **kwargs):
        name = f'{schema}.{table}' if schema else table
        return self.load(f'SELECT * FROM {name} LIMIT {int(size)};', **kwargs)

    def table_exists(self, schema_name: str | None, table_name: str) -> bool:
        with self.conn.cursor() as cursor:
            cursor.execute(
                'SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace '
                "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname = coalesce(%(schema)s, current_schema()) AND c.relname = %(table)s",
                {'schema': folded(schema_name) if schema_name else None, 'table': folded(table_name)},
            )
            return cursor.fetchone() is not None

    def export(
        self, df=None, schema_name=None, table_name=None, if_exists='replace', index=False, verbose=True, allow_reserved_words=False,
        auto_clean_name=True, case_sensitive=False, cascade_on_drop=False, drop_table_on_replace=False, overwrite_types=None, query_string=None,
        unique_conflict_method=None, unique_constraints=None, skip_semicolon_at_end=False, **kwargs,
    ) -> None:  # fmt: skip
        """Writes a frame (or the rows of a query) to a table in one transaction (mage-format.md 5.3)."""
        options = locals()
        for name in ('self', 'kwargs', 'verbose'):
            options.pop(name)
        export_frame(self, verbose=self.verbose and verbose, **options)
