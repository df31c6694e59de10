import { channels, notify } from '../store/channels.ts';
import type { Store } from '../store/open-store.ts';
import { inTransaction } from '../store/transaction.ts';
import { endRun } from './finish.ts';

/** Cancels an open run; workers kill what still runs for it. Answers false if it had ended already. */
export const cancelRun = (store: Store, runId: string): Promise<boolean> =>
  inTransaction(store.pool, async (client) => {
    await client.query('select from wand.run where id = $1 for update', [runId]);
    const ended = await endRun(client, runId, 'cancelled');
    await notify(client, channels.run, runId);
    return ended;
  });

/** Marks an attempt whose run was stopped under it as cancelled, once its process is gone. */
export const confirmStopped = async (
  store: Store,
  key: { blockRunId: string; attempt: number; workerId: string },
): Promise<void> => {
  await store.pool.query(
    `update wand.attempt set status = 'cancelled', finished_at = clock_timestamp()
     where block_run_id = $1 and attempt = $2 and worker = $3 and status = 'running'`,
    [key.blockRunId, key.attempt, key.workerId],
  );
};
