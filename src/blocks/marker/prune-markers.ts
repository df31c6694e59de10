import type { Client } from 'pg';
import { ensureMarkerTable, markerTable } from './marker-table.ts';

/** Of one state database; `runIds` those runs only, `olderThan` those committed before. Both given: both must hold. */
export type PruneRequest = { state: string; runIds?: string[]; olderThan?: Date };

/**
 * Deletes markers that no recovery can need any more and answers how many. Only for runs that have ended: a marker of an
 * open run is what keeps a block from being done twice. Without `runIds` and `olderThan` nothing is deleted.
 */
export const pruneMarkers = async (client: Client, { state, runIds, olderThan }: PruneRequest): Promise<number> => {
  if (!runIds && !olderThan) return 0;
  const access = await ensureMarkerTable(client);
  if (!access.ready) return 0;
  const { rowCount } = await client.query(
    `DELETE FROM ${markerTable}
     WHERE state = $1 AND ($2::text[] IS NULL OR run_id = ANY($2)) AND ($3::timestamptz IS NULL OR committed_at < $3)`,
    [state, runIds ?? null, olderThan ?? null],
  );
  return rowCount ?? 0;
};
