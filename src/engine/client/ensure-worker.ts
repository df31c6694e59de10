import { workerIsAlive } from '../liveness.ts';
import { ensureSupervisor } from '../supervisor.ts';
import type { EngineClient } from './open-client.ts';

/** Makes sure that a background worker lives somewhere, or starts one on this host under its supervisor. */
export const ensureWorker = async (client: EngineClient): Promise<void> => {
  const { rows } = await client.store.pool.query<{ alive: boolean }>(
    `select exists (select from wand.worker w where not w.foreground and w.state <> 'draining' and ${workerIsAlive}) as alive`,
  );
  if (!rows[0]?.alive) await ensureSupervisor();
};

/** Starts one if runs are open, or callbacks owed, and nobody works on them: called by every command that looks at runs (architecture: processes). */
export const ensureWorkerForOpenRuns = async (client: EngineClient): Promise<void> => {
  const { rows } = await client.store.pool.query<{ open: boolean }>(
    `select exists (select from wand.run r where r.status in ('initial', 'running')
       and not exists (select from wand.worker w where w.id = r.owner and ${workerIsAlive}))
       or exists (select from wand.callback c join wand.block_run b on b.id = c.block_run_id join wand.run r on r.id = b.run_id
         where c.finished_at is null and not exists (select from wand.worker w where w.id = r.owner and ${workerIsAlive})) as open`,
  );
  if (rows[0]?.open) await ensureWorker(client);
};
