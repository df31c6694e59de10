import type pg from 'pg';
import type { StoredOutput } from '../model/output.ts';
import type { BlockError, TestResult } from '../model/run.ts';
import { channels, notify } from '../store/channels.ts';
import type { Store } from '../store/open-store.ts';
import { inTransaction } from '../store/transaction.ts';
import { type Claim, claimBlock } from './claim.ts';
import { ownerQueue, type Queue, sharedQueue } from './queue.ts';
import { nextDelay, retryPolicy } from './retry.ts';
import type { BlockDefinition, RunSettings } from './run-definition.ts';

/** Who says that an attempt ended: only the worker that holds it may (the fence). */
export type AttemptKey = { runId: string; blockRunId: string; attempt: number; workerId: string; host: string };

export type Outcome =
  | { status: 'completed'; rows: number | null; outputs: StoredOutput[]; tests: TestResult[] }
  | { status: 'failed'; error: BlockError; outputs: StoredOutput[]; tests: TestResult[] };

/**
 * Ends an attempt and advances the run, in one transaction: finish the attempt, mark the block, free its children and offer
 * those that became ready, or end the run as Mage does after a failure. With `goOn` the same transaction claims the first
 * ready child for this worker, so that a chain costs one transaction a block and no trip through the queue. `accepted` is
 * false if the attempt was no longer this worker's: then nothing was changed.
 */
export const finishAttempt = (
  store: Store,
  queue: Queue,
  key: AttemptKey,
  outcome: Outcome,
  { goOn = false } = {},
): Promise<Finished> =>
  inTransaction(store.pool, async (client) => {
    const run = await lockRun(client, key.runId);
    if (!(await endAttempt(client, key, outcome))) return { accepted: false, next: null };
    await storeOutputs(client, key, outcome.outputs);
    const offer = (ids: string[], delay?: number) =>
      queue.enqueue(client, run.owner ? ownerQueue(run.owner) : sharedQueue, ids, delay);
    let next: Claim | null = null;
    if (outcome.status === 'completed') {
      const ready = await completeBlock(client, key, outcome);
      if (goOn && ready[0] !== undefined) next = await claimBlock(client, ready.shift()!, key);
      await offer(ready);
    } else {
      await failBlock(client, key, outcome, run, offer);
    }
    await finishRunIfDone(client, key.runId);
    await notify(client, channels.run, key.runId);
    return { accepted: true, next };
  });

/** What became of a finished attempt, and the block this worker goes on with. */
export type Finished = { accepted: boolean; next: Claim | null };

type RunHead = { owner: string | null; settings: RunSettings };
type Offer = (blockRunIds: string[], delaySeconds?: number) => Promise<void>;

/** Completions of one run are serial: two last blocks that end together would each see the other as running. */
const lockRun = async (client: pg.ClientBase, runId: string): Promise<RunHead> => {
  const { rows } = await client.query<RunHead>('select owner::text, settings from wand.run where id = $1 for update', [
    runId,
  ]);
  return rows[0] ?? { owner: null, settings: {} };
};

const endAttempt = async (client: pg.ClientBase, key: AttemptKey, outcome: Outcome): Promise<boolean> => {
  const { rowCount } = await client.query(
    `update wand.attempt a set status = $4, error = $5, finished_at = clock_timestamp()
     from wand.block_run b
     where a.block_run_id = $1 and a.attempt = $2 and a.worker = $3 and a.status = 'running'
       and b.id = a.block_run_id and b.status = 'running'`,
    [key.blockRunId, key.attempt, key.workerId, outcome.status, errorOf(outcome)],
  );
  return rowCount === 1;
};

const errorOf = (outcome: Outcome): string | null =>
  outcome.status === 'failed' ? JSON.stringify(outcome.error) : null;

const storeOutputs = async (client: pg.ClientBase, key: AttemptKey, outputs: StoredOutput[]): Promise<void> => {
  await client.query('delete from wand.output where block_run_id = $1', [key.blockRunId]);
  for (const [position, output] of outputs.entries()) {
    await client.query(
      `insert into wand.output (block_run_id, position, name, kind, host, path, rows, columns, bytes, relation)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        key.blockRunId,
        position,
        output.name,
        output.kind,
        key.host,
        output.path,
        output.rows,
        output.columns ? JSON.stringify(output.columns) : null,
        output.bytes,
        output.relation ? JSON.stringify(output.relation) : null,
      ],
    );
  }
};

/** Answers the block runs that became ready. */
const completeBlock = async (
  client: pg.ClientBase,
  key: AttemptKey,
  outcome: Outcome & { status: 'completed' },
): Promise<string[]> => {
  await client.query(
    `update wand.block_run set status = 'completed', rows = $2, tests = $3, finished_at = clock_timestamp() where id = $1`,
    [key.blockRunId, outcome.rows, JSON.stringify(outcome.tests)],
  );
  const freed = await client.query<{ id: string; ready: boolean }>(
    `with children as (
       select b.id from wand.block_run b join wand.dependency d on d.downstream = b.id
       where d.upstream = $1 order by b.id for update of b
     )
     update wand.block_run b set pending = b.pending - 1,
       status = case when b.pending = 1 and b.status = 'initial' then 'queued' else b.status end
     from children where b.id = children.id
     returning b.id::text, b.status = 'queued' and b.pending = 0 as ready`,
    [key.blockRunId],
  );
  return freed.rows.filter((row) => row.ready).map((row) => row.id);
};

const failBlock = async (
  client: pg.ClientBase,
  key: AttemptKey,
  outcome: Outcome & { status: 'failed' },
  run: RunHead,
  offer: Offer,
): Promise<void> => {
  const delay = await delayBeforeRetry(client, key, run);
  await client.query(
    `update wand.block_run set status = $2, tests = $3, error = $4, finished_at = clock_timestamp() where id = $1`,
    [
      key.blockRunId,
      delay === null ? 'failed' : 'queued',
      JSON.stringify(outcome.tests),
      JSON.stringify(outcome.error),
    ],
  );
  if (delay !== null) await offer([key.blockRunId], delay);
  else if (run.settings.allowBlocksToFail) await failDescendants(client, key.blockRunId);
  else await endRun(client, key.runId, 'failed');
};

const delayBeforeRetry = async (client: pg.ClientBase, key: AttemptKey, run: RunHead): Promise<number | null> => {
  const { rows } = await client.query<{ definition: BlockDefinition; failures: number }>(
    `select b.definition, (select count(*)::int from wand.attempt a where a.block_run_id = b.id and a.status = 'failed') as failures
     from wand.block_run b where b.id = $1`,
    [key.blockRunId],
  );
  const { definition, failures } = rows[0]!;
  return nextDelay(retryPolicy(definition.retryConfig, run.settings.retries), failures);
};

/** With `allow_blocks_to_fail`: descendants never run, other branches go on (mage-format.md 3.8). */
const failDescendants = async (client: pg.ClientBase, blockRunId: string): Promise<void> => {
  await client.query(
    `with recursive below as (
       select downstream as id from wand.dependency where upstream = $1
       union select d.downstream from wand.dependency d join below on d.upstream = below.id
     )
     update wand.block_run b set status = 'upstream_failed', finished_at = clock_timestamp()
     from below where b.id = below.id and b.status in ('initial', 'queued')`,
    [blockRunId],
  );
};

/** Ends a run before its blocks are done: what has not ended becomes cancelled, and workers are told to stop (decisions.md 11). */
export const endRun = async (
  client: pg.ClientBase,
  runId: string,
  status: 'failed' | 'cancelled',
): Promise<boolean> => {
  const { rowCount } = await client.query(
    `update wand.run set status = $2, finished_at = clock_timestamp(), started_at = coalesce(started_at, clock_timestamp())
     where id = $1 and status in ('initial', 'running')`,
    [runId, status],
  );
  if (rowCount === 0) return false;
  await client.query(
    `update wand.block_run set status = 'cancelled', finished_at = clock_timestamp()
     where run_id = $1 and status in ('initial', 'queued', 'running')`,
    [runId],
  );
  await notify(client, channels.stop, runId);
  return true;
};

const finishRunIfDone = async (client: pg.ClientBase, runId: string): Promise<void> => {
  await client.query(
    `update wand.run r set finished_at = clock_timestamp(),
       status = case when exists (select from wand.block_run b where b.run_id = r.id
         and b.status in ('failed', 'upstream_failed')) then 'failed' else 'completed' end
     where r.id = $1 and r.status = 'running' and not exists (
       select from wand.block_run b where b.run_id = r.id and b.status in ('initial', 'queued', 'running'))`,
    [runId],
  );
};
