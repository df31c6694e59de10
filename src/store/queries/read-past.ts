import type pg from 'pg';
import type { BlockAttempt, RunPast } from '../../model/run.ts';

/** Of so many completed runs before it the middle is what a run usually takes. */
const runsOfUsual = 10;

/** Every attempt of a run's blocks, and how long run and blocks took in the completed runs before it (milliseconds, the median). */
export const readPast = async (client: pg.Pool, runId: string): Promise<RunPast> => {
  const attempts = await client.query<BlockAttempt>(
    `select b.uuid as block, a.attempt, a.status, a.worker::text, a.worker_host as host,
       wand.iso(a.started_at) as "startedAt", wand.iso(a.finished_at) as "finishedAt", a.error, a.usage
     from wand.attempt a join wand.block_run b on b.id = a.block_run_id
     where b.run_id = $1 order by a.started_at, b.position, a.attempt`,
    [runId],
  );
  const usual = await client.query<{ block: string | null; ms: number }>(
    `with past as (
       select r.id, r.started_at, r.finished_at from wand.run r, wand.run this
       where this.id = $1 and r.project_id = this.project_id and r.pipeline = this.pipeline and r.id < this.id
         and r.status = 'completed' and r.started_at is not null and r.finished_at is not null
         -- A rerun of some blocks says nothing about a whole run.
         and not exists (select from wand.block_run b where b.run_id = r.id and b.reused_from is not null)
       order by r.id desc limit ${runsOfUsual}
     )
     select null as block, percentile_cont(0.5) within group (order by ${milliseconds('p')}) as ms
     from past p having count(*) > 0
     union all
     select b.uuid, percentile_cont(0.5) within group (order by ${milliseconds('b')})
     from past p join wand.block_run b on b.run_id = p.id
     where b.status = 'completed' and b.started_at is not null and b.finished_at is not null group by b.uuid`,
    [runId],
  );
  const blocks: Record<string, number> = {};
  for (const { block, ms } of usual.rows) if (block !== null) blocks[block] = ms;
  return {
    attempts: attempts.rows,
    usual: { run: usual.rows.find(({ block }) => block === null)?.ms ?? null, blocks },
  };
};

const milliseconds = (table: string): string =>
  `extract(epoch from ${table}.finished_at - ${table}.started_at)::float8 * 1000`;
