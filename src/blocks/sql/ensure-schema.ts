import type { Client } from 'pg';
import { quoteIdentifier, quoteLiteral } from '../../postgres/identifiers.ts';
import type { TableName } from './table-names.ts';

/**
 * Creates a schema that is missing. Only then, since CREATE SCHEMA IF NOT EXISTS asks for the right to create even where
 * it exists; under a lock, since two blocks that create it at once fail with a unique violation in Mage.
 */
export const ensureSchema = async (client: Client, schema: string): Promise<void> => {
  const exists = async (): Promise<boolean> =>
    ((await client.query('SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1', [schema])).rowCount ?? 0) > 0;
  if (await exists()) return;
  await lockName(client, `schema ${schema}`);
  if (!(await exists())) await client.query(`CREATE SCHEMA ${quoteIdentifier(schema)}`);
};

/** Until the end of the transaction no other block of wand holds the same name. */
export const lockName = async (client: Client, name: string): Promise<void> => {
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended(${quoteLiteral(`wand ${name}`)}, 0))`);
};

/** True for a table, partitioned or not; a view is none, as in Mage (mage-format.md 4.2). */
export const tableExists = async (client: Client, { schema, table }: TableName): Promise<boolean> => {
  const { rowCount } = await client.query(
    `SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p')`,
    [schema, table],
  );
  return (rowCount ?? 0) > 0;
};
