import type { Store } from '../store/open-store.ts';

/** Sends away the processes that Python blocks of a run shared, once the run is over and its callbacks are called. */
export const endRunProcesses = async (store: Store): Promise<void> => {
  const { endRunProcess, waitingRunProcesses } = await import('../blocks/python/run-process.ts');
  const waiting = waitingRunProcesses();
  if (waiting.length === 0) return;
  const { rows } = await store.pool.query<{ id: string }>(
    `select id::text from wand.run r where id = any($1) and (status in ('initial', 'running') or exists (
       select from wand.callback c join wand.block_run b on b.id = c.block_run_id
       where b.run_id = r.id and c.finished_at is null))`,
    [waiting],
  );
  const open = new Set(rows.map(({ id }) => id));
  for (const runId of waiting) if (!open.has(runId)) endRunProcess(runId);
};
