import type { ClientBase } from 'pg';
import type { TableDetail } from '../model/table-detail.ts';
import { shortTypeName } from './raw-types.ts';

type Of = { schema: string; table: string };

/** Columns and indexes of a table or view, from the catalog. */
export const tableDetail = async (client: ClientBase, name: Of): Promise<TableDetail> =>
  (await tableDetails(client, name)).get(keyOf(name)) ?? { columns: [], indexes: [] };

/** Columns and indexes of all tables and views, or of those in one schema; `detailOf` finds one of them. Two queries, however many there are. */
export const tableDetails = async (
  client: ClientBase,
  { schema = null, table = null }: { schema?: string | null; table?: string | null } = {},
): Promise<Map<string, TableDetail>> => {
  const { rows: columns } = await client.query<Of & { column: TableDetail['columns'][number] }>(
    `SELECT n.nspname AS schema, c.relname AS table,
            json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'nullable', NOT a.attnotnull,
              'default', pg_get_expr(d.adbin, d.adrelid)) AS column
       FROM pg_attribute a
       JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE ${wanted} AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY c.oid, a.attnum`,
    [schema, table],
  );
  const { rows: indexes } = await client.query<Of & { index: TableDetail['indexes'][number] }>(
    `SELECT n.nspname AS schema, c.relname AS table,
            json_build_object('name', i.relname, 'definition', pg_get_indexdef(x.indexrelid), 'unique', x.indisunique,
              'primary', x.indisprimary, 'bytes', pg_relation_size(i.oid)) AS index
       FROM pg_index x
       JOIN pg_class i ON i.oid = x.indexrelid
       JOIN pg_class c ON c.oid = x.indrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE ${wanted}
      ORDER BY x.indisprimary DESC, i.relname`,
    [schema, table],
  );
  const found = new Map<string, TableDetail>();
  const of = (name: Of): TableDetail => {
    const detail = found.get(keyOf(name)) ?? { columns: [], indexes: [] };
    found.set(keyOf(name), detail);
    return detail;
  };
  for (const row of columns) of(row).columns.push({ ...row.column, type: shortTypeName(row.column.type) });
  for (const row of indexes) of(row).indexes.push(row.index);
  return found;
};

/** What tableDetails found of a table; nothing for one without columns. */
export const detailOf = (details: ReadonlyMap<string, TableDetail>, name: Of): TableDetail =>
  details.get(keyOf(name)) ?? { columns: [], indexes: [] };

const keyOf = ({ schema, table }: Of): string => JSON.stringify([schema, table]);

const wanted = `($1::text IS NULL AND n.nspname NOT IN ('pg_catalog', 'information_schema') OR n.nspname = $1)
            AND ($2::text IS NULL OR c.relname = $2)`;
