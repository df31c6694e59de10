import type { Client } from 'pg';
import { markerSchema, markerTable } from './marker-table.ts';

/**
 * Of one state database; `runIds` those runs only, `exceptRuns` not those, `olderThan` those committed before. All that is given must hold.
 * With `dryRun` they are only counted.
 */
export type PruneRequest = {
  state: string;
  runIds?: string[];
  exceptRuns?: string[];
  olderThan?: Date;
  dryRun?: boolean;
};

/**
 * Deletes markers that no recovery can need any more and answers how many. Only for runs that have ended: a marker of an
 * open run is what keeps a block from being done twice. Without `runIds` and `olderThan` nothing is deleted. A database without
 * the table, or whose table this role may not clear, has none to delete; nothing is created.
 */
export const pruneMarkers = async (
  client: Client,
  { state, runIds, exceptRuns, olderThan, dryRun = false }: PruneRequest,
): Promise<number> => {
  if ((!runIds && !olderThan) || !(await mayPrune(client))) return 0;
  const where = `WHERE state = $1 AND ($2::text[] IS NULL OR run_id = ANY($2)) AND ($3::timestamptz IS NULL OR committed_at < $3)
    AND run_id <> ALL($4::text[])`;
  const { rowCount } = await client.query(
    dryRun ? `SELECT FROM ${markerTable} ${where}` : `DELETE FROM ${markerTable} ${where}`,
    [state, runIds ?? null, olderThan ?? null, exceptRuns ?? []],
  );
  return rowCount ?? 0;
};

// By oid: looking the table up by name fails for a role without USAGE on the schema.
const mayPrune = async (client: Client): Promise<boolean> => {
  const { rowCount } = await client.query(
    `SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = 'wand_commit' AND c.relkind = 'r' AND has_schema_privilege(n.oid, 'USAGE')
       AND has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'DELETE')
       AND current_setting('transaction_read_only') = 'off'`,
    [markerSchema],
  );
  return rowCount === 1;
};
