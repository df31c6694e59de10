import type pg from 'pg';
import type { Attempt, SimilarFailure } from '../../model/run.ts';

/** Every attempt of one block of a run, oldest first. */
export const readAttempts = async (client: pg.Pool, runId: string, block: string): Promise<Attempt[]> => {
  const { rows } = await client.query<Attempt>(
    `select a.attempt, a.status, a.worker::text, a.worker_host as host, wand.iso(a.started_at) as "startedAt",
       wand.iso(a.finished_at) as "finishedAt", a.error
     from wand.attempt a join wand.block_run b on b.id = a.block_run_id
     where b.run_id = $1 and b.uuid = $2 order by a.attempt`,
    [runId, block],
  );
  return rows;
};

/** Of so many runs before it one looks for the same failure: a pipeline that runs every minute has a thousand a day. */
const runsLookedAt = 200;
const mostSimilar = 20;

/** Other runs of the pipeline in which the block failed with the same type and message (numbers apart), newest first. */
export const similarFailures = async (client: pg.Pool, runId: string, block: string): Promise<SimilarFailure[]> => {
  const { rows } = await client.query<SimilarFailure>(
    `with this as (
       select r.project_id, r.pipeline, ${sameness('b')} as failure
       from wand.run r join wand.block_run b on b.run_id = r.id and b.uuid = $2
       where r.id = $1 and b.error is not null
     ), others as (
       select r.id from wand.run r, this
       where r.project_id = this.project_id and r.pipeline = this.pipeline and r.id <> $1
       order by r.id desc limit ${runsLookedAt}
     )
     select o.id::text as "runId", wand.iso(b.finished_at) as time, b.attempt, b.error->>'message' as message,
       (b.error->>'line')::int as line
     from others o join wand.block_run b on b.run_id = o.id and b.uuid = $2, this
     where b.error is not null and ${sameness('b')} = this.failure
     order by o.id desc limit ${mostSimilar}`,
    [runId, block],
  );
  return rows;
};

const sameness = (table: string): string =>
  `concat(${table}.error->>'type', ' ', regexp_replace(left(${table}.error->>'message', 1000), '[0-9]+', '0', 'g'))`;
