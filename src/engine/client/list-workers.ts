import type { WorkerRow } from '../../model/run.ts';
import { workerIsAlive } from '../liveness.ts';
import type { EngineClient } from './open-client.ts';

/** Living workers, with the blocks each has under way; oldest first. */
export const listWorkers = async (client: EngineClient): Promise<WorkerRow[]> => {
  const { rows } = await client.store.pool.query<WorkerRow>(
    `select w.id::text, w.host, w.pid, w.state, w.foreground, w.tags, w.version,
       wand.iso(w.started_at) as "startedAt", wand.iso(w.last_seen_at) as "lastSeenAt",
       coalesce((select array_agg(b.uuid order by a.started_at) from wand.attempt a join wand.block_run b on b.id = a.block_run_id
         where a.worker = w.id and a.status = 'running'), '{}') as blocks
     from wand.worker w where ${workerIsAlive} order by w.started_at`,
  );
  return rows;
};
