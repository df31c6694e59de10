import type { ClientBase } from 'pg';
import type { TableDetail } from '../model/table-detail.ts';
import { shortTypeName } from './raw-types.ts';

/** Columns and indexes of a table or view, from the catalog. */
export const tableDetail = async (
  client: ClientBase,
  name: { schema: string; table: string },
): Promise<TableDetail> => {
  const of = [name.schema, name.table];
  const { rows: columns } = await client.query<TableDetail['columns'][number]>(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
            pg_get_expr(d.adbin, d.adrelid) AS default
       FROM pg_attribute a
       JOIN pg_class c ON c.oid = a.attrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum`,
    of,
  );
  const { rows: indexes } = await client.query<TableDetail['indexes'][number]>(
    `SELECT i.relname AS name, pg_get_indexdef(x.indexrelid) AS definition, x.indisunique AS unique,
            x.indisprimary AS primary, pg_relation_size(i.oid)::float8 AS bytes
       FROM pg_index x
       JOIN pg_class i ON i.oid = x.indexrelid
       JOIN pg_class c ON c.oid = x.indrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = $2
      ORDER BY x.indisprimary DESC, i.relname`,
    of,
  );
  return { columns: columns.map((column) => ({ ...column, type: shortTypeName(column.type) })), indexes };
};
