import type { Client } from 'pg';

/** Columns of a table that can be written, by name: the type's name in pg_type, or `domain`. */
export const targetColumns = async (
  client: Client,
  { schema, table }: { schema: string; table: string },
): Promise<Map<string, string>> => {
  const { rows } = await client.query<{ name: string; type: string }>(
    `SELECT a.attname AS name, CASE t.typtype WHEN 'd' THEN 'domain' ELSE t.typname END AS type
     FROM pg_catalog.pg_attribute a
     JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
     WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     ORDER BY a.attnum`,
    [schema, table],
  );
  return new Map(rows.map(({ name, type }) => [name, type]));
};
