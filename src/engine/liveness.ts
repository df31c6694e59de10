import type pg from 'pg';
import type { BlockError } from '../model/run.ts';
import { channels, notify } from '../store/channels.ts';
import type { Store } from '../store/open-store.ts';
import { inTransaction } from '../store/transaction.ts';
import { endRun } from './finish.ts';
import { offerAgain } from './offer-again.ts';
import { ownerQueue, type Queue } from './queue.ts';

export { workerIsAlive } from '../store/queries/worker-is-alive.ts';

/**
 * A block that has cost this many workers is taken to kill them, and fails. Of a worker that died with several blocks each is charged
 * its share: one that kills would else take the blocks beside it along.
 */
const mostLostWorkers = 5;

export type LostAttempt = {
  blockRunId: string;
  runId: string;
  host: string;
  pgid: number | null;
  startTicks: string | null;
};

/** Deletes a worker's row and offers its blocks again, in one transaction; then the queue of a foreground worker goes. */
export const buryWorker = async (store: Store, queue: Queue, workerId: string): Promise<LostAttempt[]> => {
  const lost = await giveBack(store, queue, workerId);
  await queue.close(ownerQueue(workerId));
  return lost;
};

const giveBack = (store: Store, queue: Queue, workerId: string): Promise<LostAttempt[]> =>
  inTransaction(store.pool, async (client) => {
    await lockRuns(client, workerId);
    // Its row may be gone already, if it took a block after it was given up.
    await client.query('delete from wand.worker where id = $1', [workerId]);
    const lost = await loseAttempts(client, workerId);
    await client.query('update wand.callback set worker = null where worker = $1 and finished_at is null', [workerId]);
    const orphaned = await disownRuns(client, workerId);
    await failHopeless(client, lost);
    const runs = new Set([...lost.map((row) => row.runId), ...orphaned]);
    for (const runId of runs) await offerAgain(client, queue, runId);
    await notify(client, channels.worker, workerId);
    for (const runId of new Set(lost.map((row) => row.runId))) await notify(client, channels.run, runId);
    return lost;
  });

/** Runs first, by their number, as whoever moves them does: else each may wait for what the other has locked. */
const lockRuns = async (client: pg.ClientBase, workerId: string): Promise<void> => {
  await client.query(
    `select from wand.run r where r.owner = $1 or r.id in (
       select b.run_id from wand.attempt a join wand.block_run b on b.id = a.block_run_id where a.worker = $1 and a.status = 'running')
     order by r.id for no key update`,
    [workerId],
  );
};

const loseAttempts = async (client: pg.ClientBase, workerId: string): Promise<LostAttempt[]> => {
  const { rows } = await client.query<LostAttempt>(
    `with lost as (
       update wand.attempt set status = 'lost', finished_at = clock_timestamp()
       where worker = $1 and status = 'running'
       returning block_run_id, worker_host, pgid, start_ticks
     )
     update wand.block_run b set status = case when b.status = 'running' then 'queued' else b.status end, offer = null
     from lost where b.id = lost.block_run_id
     returning b.id::text as "blockRunId", b.run_id::text as "runId", lost.worker_host as host, lost.pgid,
       lost.start_ticks as "startTicks"`,
    [workerId],
  );
  return rows;
};

/** Runs of a foreground worker go to the shared queue: what was offered in its own is offered anew. Answers their ids. */
const disownRuns = async (client: pg.ClientBase, workerId: string): Promise<string[]> => {
  const { rows } = await client.query<{ id: string }>(
    `with disowned as (
       update wand.run set owner = null where owner = $1 returning id, status
     ), withdrawn as (
       update wand.block_run b set offer = null from disowned r where b.run_id = r.id and b.status = 'queued'
     )
     select id::text from disowned where status in ('initial', 'running')`,
    [workerId],
  );
  return rows.map(({ id }) => id);
};

const failHopeless = async (client: pg.ClientBase, lost: LostAttempt[]): Promise<void> => {
  if (lost.length === 0) return;
  const { rows } = await client.query<{ id: string; run_id: string }>(
    `select b.id::text, b.run_id::text from wand.block_run b
     where b.id = any($2::bigint[]) and b.status = 'queued' and (
       select sum(1.0 / (select count(*) from wand.attempt beside where beside.worker = a.worker and beside.status = 'lost'))
       from wand.attempt a where a.block_run_id = b.id and a.status = 'lost') > $1 - 0.01`,
    [mostLostWorkers, lost.map(({ blockRunId }) => blockRunId)],
  );
  for (const row of rows) {
    await client.query(
      `update wand.block_run set status = 'failed', error = $2, finished_at = clock_timestamp() where id = $1`,
      [row.id, JSON.stringify(hopeless)],
    );
    await client.query(`select wand.owe_callback(b, 'failure') from wand.block_run b where b.id = $1`, [row.id]);
    await endRun(client, row.run_id, 'failed');
  }
};

const hopeless: BlockError = {
  type: 'lost-worker',
  message: `${mostLostWorkers} workers died while they ran this block`,
  file: null,
  line: null,
  traceback: null,
  fix: 'look for what kills them: `wand logs RUN`, the log folder of wand, or the kernel log for "out of memory"',
};
