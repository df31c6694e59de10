import { buildGraph } from '../../graph/graph.ts';
import { type BlockSelection, selectBlocks } from '../../graph/select.ts';
import type { Block, Pipeline, Project } from '../../model/project.ts';
import { WandError } from '../../problem/wand-error.ts';
import { findReuse, type Reuse } from '../reuse.ts';
import { blockRunUuid, type RunSettings } from '../run-definition.ts';
import { projectIdentity, submitRun } from '../submit.ts';
import type { EngineClient } from './open-client.ts';

/** How a person asks for a run, from the workbench or the command line. */
export type RunRequest = {
  project: Project;
  pipeline: Pipeline;
  trigger: string;
  variables?: Record<string, unknown>;
  executionDate?: Date;
  settings?: RunSettings;
  owner?: string;
  /** A partial rerun (decisions.md 13). */
  selection?: PartialSelection;
  /** Run to build on; the last fitting one by default. */
  runId?: string;
};

export type PartialSelection = Exclude<BlockSelection, 'all'> | { failed: true };

/** Checks a request, finds what a partial rerun builds on, and submits it. Answers the run's id. */
export const startRun = async (client: EngineClient, request: RunRequest): Promise<string> => {
  refuseBroken(request.project, request.pipeline);
  const reuse = request.selection ? await planReuse(client, request, request.selection) : undefined;
  return submitRun(client.store, await client.queue(), {
    project: request.project,
    pipeline: request.pipeline,
    trigger: request.trigger,
    executionDate: request.executionDate ?? (reuse ? new Date(reuse.executionDate) : new Date()),
    variables: { ...reuse?.variables, ...request.variables },
    settings: request.settings,
    owner: request.owner,
    reuse,
  });
};

/** What a run would do (product.md, `run --dry-run`). */
export type RunPlan = {
  run: string[];
  reuse: { block: string; run: string; rows: number | null }[];
  writes: { table: string; policy: string }[];
  warnings: string[];
};

/** The plan of a request; nothing is written. */
export const planRun = async (client: EngineClient, request: RunRequest): Promise<RunPlan> => {
  refuseBroken(request.project, request.pipeline);
  const { pipeline } = request;
  const reuse = request.selection ? await planReuse(client, request, request.selection) : undefined;
  const executed = pipeline.blocks.filter((block) => reuse?.execute.has(block.uuid) ?? true);
  const reused = pipeline.blocks.filter((block) => reuse?.blocks.has(block.uuid));
  return {
    run: executed.map(({ uuid }) => uuid),
    reuse: await Promise.all(reused.map((block) => reusedRows(client, block, reuse!.blocks.get(block.uuid)!))),
    writes: executed.flatMap((block) => tablesOf(pipeline, block)),
    warnings: pipeline.problems.filter(({ severity }) => severity === 'warning').map(({ message }) => message),
  };
};

const reusedRows = async (client: EngineClient, block: Block, run: string) => {
  const { rows } = await client.store.pool.query<{ rows: string | null }>(
    'select rows from wand.block_run where run_id = $1 and uuid = $2',
    [run, blockRunUuid(block)],
  );
  const count = rows[0]?.rows ?? null;
  return { block: block.uuid, run, rows: count === null ? null : Number(count) };
};

/** Only SQL blocks that make a table say in their configuration what they write; code says it when it runs. */
const tablesOf = (pipeline: Pipeline, block: Block): { table: string; policy: string }[] => {
  const {
    use_raw_sql: raw,
    data_provider_schema: schema,
    data_provider_table: table,
    export_write_policy: policy,
  } = block.configuration;
  if (block.language !== 'sql' || raw === true) return [];
  const name = String(table ?? `${pipeline.uuid}_${block.uuid.replaceAll('/', '_')}_v1`);
  return [{ table: schema ? `${String(schema)}.${name}` : name, policy: String(policy ?? 'append') }];
};

/** A pipeline with errors does not start; the first one is the message. */
export const refuseBroken = (project: Project, pipeline: Pipeline): void => {
  const problem = pipeline.problems.find(({ severity }) => severity === 'error');
  if (problem) {
    throw new WandError('invalid-pipeline', `${project.uuid}/${pipeline.uuid} cannot run: ${problem.message}`, {
      file: problem.file ?? pipeline.file,
      line: problem.line,
      fix: problem.fix ?? `wand check lists everything that is wrong`,
    });
  }
  if (pipeline.blocks.length === 0) {
    throw new WandError('empty-pipeline', `${project.uuid}/${pipeline.uuid} has no blocks to run`, {
      file: pipeline.file,
      fix: 'add a block to its `blocks` list',
    });
  }
};

const planReuse = async (client: EngineClient, request: RunRequest, selection: PartialSelection): Promise<Reuse> => {
  const { project, pipeline } = request;
  const execute = 'failed' in selection ? await failedBlocks(client, request) : selected(pipeline, selection);
  return findReuse(client.store.pool, { projectId: projectIdentity(project), pipeline, execute, runId: request.runId });
};

const selected = (pipeline: Pipeline, selection: Exclude<BlockSelection, 'all'>): Set<string> => {
  const [uuid] = Object.values(selection);
  if (!pipeline.blocks.some((block) => block.uuid === uuid)) {
    throw new WandError('block-not-found', `${pipeline.uuid} has no block ${uuid}`, {
      file: pipeline.file,
      fix: `its blocks: ${pipeline.blocks.map((block) => block.uuid).join(', ')}`,
    });
  }
  return selectBlocks(buildGraph(nodesOf(pipeline)), selection);
};

/** Every block of the last (or given) run that has not completed. */
const failedBlocks = async (client: EngineClient, { project, pipeline, runId }: RunRequest): Promise<Set<string>> => {
  const { rows } = await client.store.pool.query<{ id: string; uuids: string[] }>(
    `select r.id::text, coalesce((select array_agg(b.uuid) from wand.block_run b
       where b.run_id = r.id and b.status <> 'completed'), '{}') as uuids
     from wand.run r where r.project_id = $1 and r.pipeline = $2 and ($3::bigint is null or r.id = $3)
     order by r.id desc limit 1`,
    [projectIdentity(project), pipeline.uuid, runId ?? null],
  );
  const uuids = new Set(rows[0]?.uuids ?? []);
  if (uuids.size === 0) {
    throw new WandError(
      'nothing-failed',
      rows[0] ? `nothing failed in run ${rows[0].id} of ${pipeline.uuid}` : `${pipeline.uuid} has no run yet`,
      { fix: `wand run ${pipeline.uuid} runs all of it` },
    );
  }
  return new Set(pipeline.blocks.filter((block) => uuids.has(blockRunUuid(block))).map(({ uuid }) => uuid));
};

const nodesOf = (pipeline: Pipeline): { id: string; upstream: string[] }[] =>
  pipeline.blocks.map(({ uuid, upstream }) => ({ id: uuid, upstream }));
