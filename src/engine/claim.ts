import type pg from 'pg';
import type { CommitMarker } from '../model/block-task.ts';
import type { StoredOutput } from '../model/output.ts';
import { channels, notify } from '../store/channels.ts';
import type { Store } from '../store/open-store.ts';
import { outputsOf } from '../store/queries/read-runs.ts';
import { inTransaction } from '../store/transaction.ts';
import type { Queue } from './queue.ts';
import type { BlockDefinition, RunSettings } from './run-definition.ts';

/** A block run that this worker holds: everything it takes to execute the attempt. */
export type Claim = {
  blockRunId: string;
  runId: string;
  attempt: number;
  lostAttempts: CommitMarker['lostAttempts'];
  uuid: string;
  blockType: string;
  language: string;
  definition: BlockDefinition;
  projectPath: string;
  pipeline: string | null;
  executionDate: Date;
  variables: Record<string, unknown>;
  settings: RunSettings;
  trigger: string;
  inputs: { block: string; blockType: string; language: string; host: string; outputs: StoredOutput[] }[];
};

export type Claimant = { workerId: string; host: string };

/**
 * Takes one waiting block from a queue and sets its attempt running, in one transaction: a worker that dies before the commit has taken
 * nothing, one that dies after it is found by its attempt row. Answers null when the queue is empty, `'stale'` when
 * the job was for a block that no longer waits (cancelled, or offered twice).
 */
export const claimNext = (
  store: Store,
  queue: Queue,
  queueName: string,
  claimant: Claimant,
): Promise<Claim | 'stale' | null> =>
  inTransaction(store.pool, async (client) => {
    const blockRunId = await queue.take(client, queueName);
    if (blockRunId === null) return null;
    return (await claimBlock(client, blockRunId, claimant)) ?? 'stale';
  });

/** Sets a queued block's attempt running for a worker, in the caller's transaction; null if it is not queued any more. */
export const claimBlock = async (
  client: pg.ClientBase,
  blockRunId: string,
  claimant: Claimant,
): Promise<Claim | null> => {
  if (!(await startAttempt(client, blockRunId, claimant))) return null;
  const claim = await readClaim(client, blockRunId);
  await notify(client, channels.run, claim.runId);
  return claim;
};

const startAttempt = async (client: pg.ClientBase, blockRunId: string, claimant: Claimant): Promise<boolean> => {
  const { rowCount } = await client.query(
    `with taken as (
       update wand.block_run b set status = 'running', attempt = b.attempt + 1, started_at = clock_timestamp(),
         finished_at = null, error = null, tests = '[]'
       from wand.run r
       where b.id = $1 and b.status = 'queued' and r.id = b.run_id and r.status in ('initial', 'running')
       returning b.id, b.attempt, b.run_id
     ), attempted as (
       insert into wand.attempt (block_run_id, attempt, worker, worker_host, status)
       select id, attempt, $2, $3, 'running' from taken
     )
     update wand.run r set status = 'running', started_at = coalesce(r.started_at, clock_timestamp())
     from taken where r.id = taken.run_id`,
    [blockRunId, claimant.workerId, claimant.host],
  );
  return rowCount === 1;
};

/** What a worker holds according to the store. */
export const claimsOf = async (store: Store, workerId: string): Promise<Claim[]> => {
  const { rows } = await store.pool.query<{ id: string }>(
    `select block_run_id::text as id from wand.attempt where worker = $1 and status = 'running'`,
    [workerId],
  );
  return inTransaction(store.pool, (client) => Promise.all(rows.map(({ id }) => readClaim(client, id))));
};

const readClaim = async (client: pg.ClientBase, blockRunId: string): Promise<Claim> => {
  const { rows } = await client.query<Claim>(
    `select b.id::text as "blockRunId", b.run_id::text as "runId", b.attempt, b.uuid, b.block_type as "blockType",
       b.language, b.definition, r.project_path as "projectPath", r.pipeline, r.execution_date as "executionDate",
       r.variables, r.settings, r.trigger,
       coalesce((select jsonb_agg(a.attempt order by a.attempt) from wand.attempt a
         where a.block_run_id = b.id and a.status = 'lost'), '[]') as "lostAttempts",
       coalesce((select jsonb_agg(jsonb_build_object('block', u.uuid, 'blockType', u.block_type,
           'language', u.language, 'outputs', ${outputsOf('u.id')},
           'host', (select min(o.host) from wand.output o where o.block_run_id = u.id)) order by d.position)
         from wand.dependency d join wand.block_run u on u.id = d.upstream
         where d.downstream = b.id), '[]') as inputs
     from wand.block_run b join wand.run r on r.id = b.run_id where b.id = $1`,
    [blockRunId],
  );
  return rows[0]!;
};
