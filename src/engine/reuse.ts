import type pg from 'pg';
import type { Pipeline } from '../model/project.ts';
import { WandError } from '../problem/wand-error.ts';
import { blockRunUuid, type RunSettings } from './run-definition.ts';

/** What a partial rerun executes, and for the blocks it does not: block uuid -> the run whose outputs stand in. */
export type Reuse = {
  runId: string;
  executionDate: string;
  variables: Record<string, unknown>;
  /** What its trigger wanted of it. */
  settings: Pick<RunSettings, 'allowBlocksToFail' | 'api'>;
  execute: Set<string>;
  blocks: Map<string, string>;
};

/**
 * Finds the run whose outputs a partial rerun builds on (decisions.md 13): the given one, else the last run of this pipeline in which
 * every block that is needed but not executed has completed. Throws `nothing-to-reuse`, naming the missing block.
 */
export const findReuse = async (
  pool: pg.Pool,
  {
    projectId,
    pipeline,
    execute,
    runId,
  }: { projectId: string; pipeline: Pipeline; execute: Set<string>; runId?: string },
): Promise<Reuse> => {
  const kept = pipeline.blocks.filter((block) => !execute.has(block.uuid));
  const needed = neededUpstreams(pipeline, execute);
  const { rows } = await pool.query<Candidate>(
    `select r.id::text, wand.iso(r.execution_date) as "executionDate",
       r.variables, r.settings,
       coalesce((select jsonb_object_agg(b.uuid, coalesce(b.reused_from, b.run_id)::text)
         from wand.block_run b where b.run_id = r.id and b.status = 'completed' and not exists (
           select from wand.output o join wand.block_run own on own.id = o.block_run_id
           where own.run_id = b.run_id and (own.id = b.id or own.definition->>'childOf' = b.uuid)
             and o.removed_at is not null)), '{}') as completed
     from wand.run r
     where r.project_id = $1 and r.pipeline = $2 and ($3::bigint is null or r.id = $3)
     order by r.id desc limit 200`,
    [projectId, pipeline.uuid, runId ?? null],
  );
  if (rows.length === 0 && runId) {
    throw new WandError('run-not-found', `there is no run ${runId} of ${pipeline.uuid}`, {
      fix: `wand runs ${pipeline.uuid}`,
    });
  }
  if (rows.length === 0) throw nothingToReuse(pipeline, [...needed][0] ?? null, runId);
  const missing = (candidate: Candidate): string | undefined =>
    [...needed].find((uuid) => !(storedUuid(pipeline, uuid) in candidate.completed));
  const found = rows.find((candidate) => missing(candidate) === undefined);
  if (!found) throw nothingToReuse(pipeline, missing(rows[0]!) ?? null, runId);
  const blocks = kept.flatMap((block) => {
    const from = found.completed[blockRunUuid(block)];
    return from === undefined ? [] : ([[block.uuid, from]] as [string, string][]);
  });
  const { id, executionDate, variables } = found;
  const { allowBlocksToFail = false, api = false } = found.settings;
  return {
    runId: id,
    executionDate,
    variables,
    settings: { allowBlocksToFail, api },
    execute,
    blocks: new Map(blocks),
  };
};

type Candidate = {
  id: string;
  executionDate: string;
  variables: Record<string, unknown>;
  settings: RunSettings;
  completed: Record<string, string>;
};

/** Direct upstreams of executed blocks that are not executed themselves. */
const neededUpstreams = (pipeline: Pipeline, execute: Set<string>): Set<string> =>
  new Set(
    pipeline.blocks
      .filter((block) => execute.has(block.uuid))
      .flatMap((block) => block.upstream)
      .filter((uuid) => !execute.has(uuid)),
  );

const storedUuid = (pipeline: Pipeline, uuid: string): string =>
  blockRunUuid(pipeline.blocks.find((block) => block.uuid === uuid)!);

const nothingToReuse = (pipeline: Pipeline, block: string | null, runId: string | undefined): WandError =>
  new WandError(
    'nothing-to-reuse',
    runId
      ? `run ${runId} of ${pipeline.uuid} has no completed output of ${block ?? 'its blocks'}`
      : `no run of ${pipeline.uuid} has a completed output of ${block ?? 'its blocks'}`,
    { fix: `run the whole pipeline first: wand run ${pipeline.uuid}` },
  );
