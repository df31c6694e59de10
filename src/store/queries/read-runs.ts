import type pg from 'pg';
import type { BlockRun, Run, RunSnapshot, RunStatus } from '../../model/run.ts';
import { workerIsAlive } from './worker-is-alive.ts';

/** Columns of `wand.run` as a `Run` needs them. */
const runColumns = `
  r.id::text as id, r.project, r.project_path as "projectPath", r.pipeline, r.status, r.trigger,
  wand.iso(r.execution_date) as "executionDate", wand.iso(r.created_at) as "createdAt",
  wand.iso(r.started_at) as "startedAt", wand.iso(r.finished_at) as "finishedAt",
  r.variables, r.parent_run_id::text as "parentRunId", r.owner::text as owner`;

export type RunFilter = {
  projectPath?: string;
  pipeline?: string;
  status?: RunStatus;
  limit: number;
};

/** Runs, newest first. */
export const listRuns = async (client: pg.Pool, filter: RunFilter): Promise<Run[]> => {
  const { rows } = await client.query<Run>(
    `select ${runColumns} from wand.run r
     where ($1::text is null or r.project_path = $1) and ($2::text is null or r.pipeline = $2)
       and ($3::text is null or r.status = $3)
     order by r.id desc limit $4`,
    [filter.projectPath ?? null, filter.pipeline ?? null, filter.status ?? null, filter.limit],
  );
  return rows;
};

/** A run with its blocks in file order; null if there is none of that id. */
export const readSnapshot = async (client: pg.Pool | pg.ClientBase, runId: string): Promise<RunSnapshot | null> => {
  if (!/^\d{1,18}$/.test(runId)) return null;
  const { rows } = await client.query<{ run: Run; blocks: BlockRun[] }>(
    `select (select to_jsonb(x) from (select ${runColumns}) x) as run, ${blocksOfRun} as blocks
     from wand.run r where r.id = $1`,
    [runId],
  );
  return rows[0] ?? null;
};

const blocksOfRun = `coalesce((
  select jsonb_agg(jsonb_build_object(
    'id', b.id::text, 'runId', b.run_id::text, 'uuid', b.uuid, 'blockType', b.block_type, 'language', b.language,
    'position', b.position, 'status', b.status, 'attempt', b.attempt, 'rows', b.rows,
    'startedAt', wand.iso(b.started_at), 'finishedAt', wand.iso(b.finished_at),
    'tests', b.tests, 'error', b.error, 'reusedFrom', b.reused_from::text,
    'usage', (select a.usage from wand.attempt a where a.block_run_id = b.id and a.attempt = b.attempt),
    'missingTags', case when b.status = 'queued' and b.definition ? 'tags' and not exists (
      select from wand.worker w where b.definition->'tags' <@ to_jsonb(w.tags) and w.state <> 'draining' and ${workerIsAlive})
      then b.definition->'tags' end,
    'worker', (select a.worker::text from wand.attempt a where a.block_run_id = b.id and a.attempt = b.attempt),
    'upstream', coalesce((
      select jsonb_agg(u.uuid order by d.position)
      from wand.dependency d join wand.block_run u on u.id = d.upstream where d.downstream = b.id), '[]'),
    'outputs', wand.outputs(b.id)
  ) order by b.position, b.id)
  from wand.block_run b where b.run_id = r.id), '[]')`;
