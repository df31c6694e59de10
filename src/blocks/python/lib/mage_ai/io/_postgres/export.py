"""`Postgres.export` (mage-format.md 5.3): schema, table, rows and commit in one transaction; all of it is undone if any of it fails."""

from dataclasses import dataclass

from mage_ai.io._postgres.column_types import postgres_type
from mage_ai.io._postgres.copy_rows import arrow_table, csv_pieces
from mage_ai.io._postgres.names import clean_name, column_names, folded, qualified, quote


@dataclass
class Target:
    """Names without quotes, as the catalog has them."""

    schema: str | None
    table: str

    @property
    def sql(self) -> str:
        return qualified(self.schema, self.table)

    @property
    def text(self) -> str:
        return f'{self.schema}.{self.table}' if self.schema else self.table


def export_frame(
    loader, *, df, schema_name, table_name, if_exists, index, verbose, allow_reserved_words, auto_clean_name, case_sensitive, cascade_on_drop,
    drop_table_on_replace, overwrite_types, query_string, unique_conflict_method, unique_constraints, skip_semicolon_at_end,
) -> None:  # fmt: skip
    if table_name is None:
        raise Exception('Postgres.export needs table_name')
    schema = schema_name or loader.default_schema()
    target = Target(folded(schema) if schema else None, folded(table_name))
    policy = str(getattr(if_exists, 'value', if_exists))
    drop = 'CASCADE' if cascade_on_drop else 'RESTRICT' if drop_table_on_replace else None
    if query_string is None:
        frame = frame_of(df, index)
        names = column_names(frame.columns, allow_reserved_words, auto_clean_name, case_sensitive)
        if not names:
            raise ValueError(f'The frame for {target.text} has no columns: nothing to export')
        frame = frame.set_axis(names, axis=1)
    if verbose:
        print(f"Exporting data to '{target.text}'...")
    try:
        with loader.conn.cursor() as cursor:
            exists = prepare_table(loader, cursor, target, policy, drop)
            if query_string is not None:
                rows = write_query(cursor, target, exists, query_string)
            else:
                unique = unique_columns(unique_constraints, names, auto_clean_name, case_sensitive)
                types = create_table(cursor, target, exists, frame, overwrite_types or {}, unique)
                rows = write_rows(cursor, target, frame, types, unique, unique_conflict_method)
        loader.commit()
    except BaseException:
        loader.rollback()
        raise
    if verbose:
        print('DONE')
    count(rows)


def frame_of(df, index: bool):
    """A dict is one row, a list is rows; the index becomes columns if asked for."""
    import pandas

    if df is None:
        raise AttributeError('Postgres.export got None instead of a DataFrame')
    if isinstance(df, dict):
        df = pandas.DataFrame([df])
    elif isinstance(df, list):
        df = pandas.DataFrame(df)
    elif type(df).__module__.startswith('polars'):
        df = df.to_pandas()
    return df.reset_index() if index else df


def prepare_table(loader, cursor, target: Target, policy: str, drop: str | None) -> bool:
    """Makes the schema, applies the policy to a table that is there; answers whether there is one to write into."""
    if target.schema:
        make_schema(loader, cursor, target.schema)
    if not loader.table_exists(quoted(target.schema), quoted(target.table)):
        return False
    if policy == 'fail':
        raise ValueError(f"Table '{target.text}' exists already, and if_exists is 'fail'")
    if policy == 'replace':
        if drop:
            cursor.execute(f'DROP TABLE {target.sql} {drop}')
            return False
        # Not DROP: the table keeps its types, rights, views and oid.
        cursor.execute(f'DELETE FROM {target.sql}')
    return True


def quoted(name: str | None) -> str | None:
    return quote(name) if name else None


def make_schema(loader, cursor, schema: str) -> None:
    """Two exports may want the same new schema at once: who comes second waits for the first and takes its schema."""
    import psycopg

    cursor.execute('SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = %(schema)s', {'schema': schema})
    if cursor.fetchone():
        return
    try:
        with loader.conn.transaction():
            cursor.execute(f'CREATE SCHEMA IF NOT EXISTS {quote(schema)}')
    except (psycopg.errors.UniqueViolation, psycopg.errors.DuplicateSchema):
        pass


def unique_columns(constraints, names: list[str], auto_clean_name: bool, case_sensitive: bool) -> list[str]:
    """The columns that have to be unique, by the names that they have in the table."""
    found = []
    for name in constraints or []:
        cleaned = clean_name(name, case_sensitive) if auto_clean_name else name
        found.append(cleaned if cleaned in names else f'_{cleaned}')
    return found


def create_table(cursor, target: Target, exists: bool, frame, overwrite: dict, unique: list[str]) -> list[str]:
    """Creates the table unless there is one; answers the type in which each column is written."""
    types = [overwrite.get(name) or postgres_type(frame.iloc[:, place]) for place, name in enumerate(frame.columns)]
    if exists:
        return types
    parts = [f'{quote(name)} {kind}' for name, kind in zip(frame.columns, types)]
    if unique:
        constraint = f'unique{target.text.replace(".", "_")}_{"_".join(unique)}'[:64]
        parts.append(f'CONSTRAINT {quote(constraint)} UNIQUE ({", ".join(map(quote, unique))})')
    cursor.execute(f'CREATE TABLE {target.sql} ({", ".join(parts)})')
    return types


def write_rows(cursor, target: Target, frame, types: list[str], unique: list[str], conflict_method) -> int:
    columns = ', '.join(map(quote, frame.columns))
    if unique and conflict_method:
        return insert_rows(cursor, target, frame, types, unique, str(getattr(conflict_method, 'value', conflict_method)))
    # Empty text becomes NULL, as in Mage.
    copy_sql = f"COPY {target.sql} ({columns}) FROM STDIN (FORMAT csv, DELIMITER ',', NULL '', FORCE_NULL ({columns}))"
    with cursor.copy(copy_sql) as copy:
        for piece in csv_pieces(frame, types):
            copy.write(piece)
    return len(frame)


def insert_rows(cursor, target: Target, frame, types: list[str], unique: list[str], method: str) -> int:
    """Row by row: a later row of the same frame may meet an earlier one."""
    names = list(frame.columns)
    values = ', '.join(['%s'] * len(names))
    update = ', '.join(f'{quote(name)} = EXCLUDED.{quote(name)}' for name in names)
    action = f'DO UPDATE SET {update}' if method.upper() == 'UPDATE' else 'DO NOTHING'
    insert = f'INSERT INTO {target.sql} ({", ".join(map(quote, names))}) VALUES ({values}) ON CONFLICT ({", ".join(map(quote, unique))}) {action}'
    columns = arrow_table(frame, types).to_pydict().values()
    cursor.executemany(insert.replace('%s', '\0').replace('%', '%%').replace('\0', '%s'), list(zip(*columns)))
    return len(frame)


def write_query(cursor, target: Target, exists: bool, query: str) -> int:
    body = query.strip().rstrip(';')
    cursor.execute(f'INSERT INTO {target.sql} {body}' if exists else f'CREATE TABLE {target.sql} AS {body}')
    return max(cursor.rowcount, 0)


def count(rows: int) -> None:
    try:
        from wand_blocks import exported
    except ImportError:  # used outside a block
        return
    exported.add(rows)
