import type { CallbackStatus } from '../model/block-task.ts';
import type { StoredOutput } from '../model/output.ts';
import type { BlockError } from '../model/run.ts';
import { messageOf } from '../problem/wand-error.ts';
import { channels } from '../store/channels.ts';
import type { Store } from '../store/open-store.ts';
import { type Claim, claimFrom, type RawClaim } from './claim.ts';
import type { ExecutionPorts } from './execute-claim.ts';
import { openLogWriter } from './log-writer.ts';

/** A callback to call, with all it takes: the block's claim, its outputs and its error. */
export type OwedCallback = Claim & {
  callback: {
    id: string;
    status: CallbackStatus;
    /** How often it was begun, this time included. */
    tries: number;
    outputs: (StoredOutput & { host: string })[];
    error: BlockError | null;
  };
};

/**
 * Calls what a block run is owed: its callbacks for the status it ended with (mage-format.md 3.6). One that fails is logged and changes
 * nothing. What was taken and not finished by a worker that died is called again by another one: at least once.
 */
export const runOwedCallbacks = async (
  store: Store,
  workerId: string,
  blockRunId: string,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    const owed = await takeOwed(store, blockRunId, workerId);
    if (owed === null) return;
    const place = { runId: owed.runId, block: owed.uuid, attempt: owed.attempt };
    const log = openLogWriter(store, place);
    const problem =
      owed.callback.tries > mostTries
        ? `${mostTries} workers died while they called it`
        : await call(owed, { store, signal, log: log.write, onProcess: async () => {} });
    if (problem !== null) {
      log.write({ level: 'error', source: 'wand', text: `callbacks of ${owed.uuid} could not be called: ${problem}` });
    }
    await log.end(signal);
    // Given back by a worker that leaves: another one calls it from the start.
    if (signal.aborted) return void (await giveBack(store, owed.callback.id, workerId));
    // Whoever waits for the end of the run waits for this too.
    await store.pool.query(
      `with finished as (
         update wand.callback set finished_at = clock_timestamp() where id = $1 and worker = $2 and finished_at is null
       ) select pg_notify($3, $4)`,
      [owed.callback.id, workerId, channels.run, owed.runId],
    );
  }
};

const mostTries = 5;

/** Answers why it could not be called, or null. */
const call = async (owed: OwedCallback, ports: ExecutionPorts): Promise<string | null> => {
  const { executeCallback } = await import('./execute-claim.ts');
  const result = await executeCallback(owed, ports);
  return result.status === 'failed' ? `${result.error.type}: ${result.error.message}` : null;
};

const takeOwed = async (store: Store, blockRunId: string, workerId: string): Promise<OwedCallback | null> => {
  const { rows } = await store.pool.query<{ owed: (RawClaim & Pick<OwedCallback, 'callback'>) | null }>(
    'select wand.take_callback($1, $2) as owed',
    [blockRunId, workerId],
  );
  const owed = rows[0]?.owed;
  return owed ? { ...claimFrom(owed), callback: owed.callback } : null;
};

const giveBack = (store: Store, id: string, workerId: string) =>
  store.pool
    .query('update wand.callback set worker = null where id = $1 and worker = $2 and finished_at is null', [
      id,
      workerId,
    ])
    .catch((error) => process.stderr.write(`wand worker: a callback was not given back: ${messageOf(error)}\n`));

/** What this worker has taken of a block run's callbacks and not finished is called again. */
export const giveCallbacksBack = async (store: Store, workerId: string, blockRunId: string): Promise<void> => {
  await store.pool.query(
    'update wand.callback set worker = null where block_run_id = $1 and worker = $2 and finished_at is null',
    [blockRunId, workerId],
  );
};

/** Block runs that are owed a callback which nobody calls, of runs that this worker may serve; what their worker left when it died. */
export const findOwed = async (store: Store, workerId: string, foreground: boolean): Promise<string[]> => {
  const { rows } = await store.pool.query<{ id: string }>(
    `select distinct c.block_run_id::text as id
     from wand.callback c join wand.block_run b on b.id = c.block_run_id join wand.run r on r.id = b.run_id
     where c.finished_at is null and c.worker is null and (r.owner = $1 or (r.owner is null and not $2))
       and c.created_at < clock_timestamp() - interval '1 second'
       and not exists (select from wand.attempt a where a.block_run_id = b.id and a.status = 'running')
     limit 20`,
    [workerId, foreground],
  );
  return rows.map(({ id }) => id);
};

/** Callbacks of a run that are still to be called, or are being called. */
export const owedCallbacks = async (store: Store, runId: string): Promise<number> => {
  const { rows } = await store.pool.query<{ owed: number }>(
    `select count(*)::int as owed from wand.callback c join wand.block_run b on b.id = c.block_run_id
     where b.run_id = $1 and c.finished_at is null`,
    [runId],
  );
  return rows[0]!.owed;
};
