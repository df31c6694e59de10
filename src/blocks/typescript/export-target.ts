import type { Client } from 'pg';
import type { TypedColumn } from '../../data/infer-types.ts';
import { qualifiedName, quoteIdentifier } from '../../postgres/identifiers.ts';
import { WandError } from '../../problem/wand-error.ts';
import type { ExportOptions } from '../../sdk/export-table.ts';

export type ExportColumn = { source: string; target: string; type: string };
type Target = { schema: string; table: string };

/** The table's columns: names as they are or in snake case, types as found or as asked for. */
export const exportColumns = (
  found: TypedColumn[],
  options: ExportOptions,
  clean: (name: string) => string,
): ExportColumn[] => {
  const columns = found.map(({ name, type }) => {
    const target = options.snakeCase ? clean(name) : name;
    return { source: name, target, type: checkedType(target, options.types?.[target] ?? type) };
  });
  const unknown = Object.keys(options.types ?? {}).filter((name) => !columns.some(({ target }) => target === name));
  const names = columns.map(({ target }) => target);
  if (unknown.length > 0) {
    throw new WandError('unknown-column', `types: there is no column ${unknown.join(', ')}`, {
      fix: `the columns are: ${names.join(', ')}`,
    });
  }
  const doubled = names.find((name, at) => names.indexOf(name) !== at);
  if (doubled !== undefined) {
    throw new WandError('doubled-column', `two columns would be called ${doubled}`, {
      fix: 'rename one of them in the query before the export',
    });
  }
  return columns;
};

/** A type is part of the statement and cannot be quoted: only what a type name can look like passes. */
const checkedType = (column: string, type: string): string => {
  if (/^[a-z_][\w ]*(\(\s*\d+\s*(,\s*\d+\s*)?\))?( with(out)? time zone)?(\[\])*$/i.test(type)) return type;
  throw new WandError('bad-type', `column ${column}: ${JSON.stringify(type)} is no Postgres type`, {
    fix: 'write a type such as integer, numeric(10, 2), timestamptz or text[]',
  });
};

/** Makes schema and table if missing; empties, keeps, drops or refuses an existing table as the options say. */
export const prepareTable = async (
  client: Client,
  target: Target,
  columns: ExportColumn[],
  options: ExportOptions,
): Promise<void> => {
  const policy = options.ifExists ?? 'replace';
  const existing = await tableColumns(client, target);
  if (existing !== null && policy === 'fail') {
    throw new WandError('table-exists', `table ${target.schema}.${target.table} exists already`, {
      fix: "drop it, or export with ifExists: 'replace' or 'append'",
    });
  }
  if (existing === null || (policy === 'replace' && options.dropTable)) {
    if (existing !== null) await client.query(`DROP TABLE ${qualifiedName(target)}`);
    await createTable(client, target, columns);
    return;
  }
  requireSameColumns(target, existing, columns, policy);
  if (policy === 'replace') await client.query(`DELETE FROM ${qualifiedName(target)}`);
};

const createTable = async (client: Client, target: Target, columns: ExportColumn[]): Promise<void> => {
  // Asked first: IF NOT EXISTS needs the right to create schemas even if there is nothing to create.
  const { rowCount } = await client.query('SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1', [target.schema]);
  if (rowCount === 0) await client.query(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(target.schema)}`);
  const list = columns.map(({ target: name, type }) => `${quoteIdentifier(name)} ${type}`).join(', ');
  await client.query(`CREATE TABLE ${qualifiedName(target)} (${list})`);
};

const requireSameColumns = (target: Target, existing: string[], columns: ExportColumn[], policy: string): void => {
  const missing = columns.map((column) => column.target).filter((name) => !existing.includes(name));
  if (missing.length === 0) return;
  const way =
    policy === 'replace'
      ? 'export with dropTable: true to make the table anew, or add the column to it'
      : 'add the column to the table, or leave it out of the export';
  throw new WandError(
    'table-columns',
    `table ${target.schema}.${target.table} has no column ${missing.join(', ')} (it has ${existing.join(', ')})`,
    { fix: way },
  );
};

/** Names of a table's columns; null if there is no such table. */
const tableColumns = async (client: Client, { schema, table }: Target): Promise<string[] | null> => {
  const { rows } = await client.query<{ kind: string; names: string[] }>(
    `SELECT c.relkind::text AS kind, coalesce(array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attname IS NOT NULL), '{}') AS names
     FROM pg_catalog.pg_class c
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
     GROUP BY c.oid, c.relkind`,
    [schema, table],
  );
  const found = rows[0];
  if (!found) return null;
  if (found.kind === 'v' || found.kind === 'm') {
    throw new WandError('table-is-view', `${schema}.${table} is a view, not a table`, {
      fix: 'choose another table name, or drop the view',
    });
  }
  return found.names;
};
