import { relative } from 'node:path';
import { buildGraph, topologicalOrder } from '../../graph/graph.ts';
import type { Block, Pipeline } from '../../model/project.ts';
import { changedFiles } from '../code/changed-files.ts';
import { blockRunUuid } from '../run-definition.ts';
import { projectIdentity } from '../submit.ts';
import type { EngineClient } from './open-client.ts';
import { runLine } from './rerun-command.ts';
import { type CodeOf, type PreparedRun, prepareRun, type RunRequest } from './start-run.ts';

/** What a run would do (product.md, `run --dry-run`; the plan of screens.md). */
export type RunPlan = {
  /** Blocks that run, in file order. */
  run: string[];
  /** Blocks whose outputs an earlier run supplies; `rows` as it counted them. */
  reuse: { block: string; run: string; rows: number | null }[];
  /** Tables that are known to be written: from the configuration of SQL blocks, for others from their last completed run. */
  writes: { block: string; table: string; policy: string }[];
  warnings: string[];
  /** Run that it builds on; its date and variables are the defaults. */
  parentRun: string | null;
  /** ISO 8601 UTC; null: the moment it starts. */
  executionDate: string | null;
  variables: Record<string, unknown>;
  code: CodeOf;
  /** Files of the project that differ from what the parent ran with, relative to the project; null if that is not known. */
  changedFiles: string[] | null;
  /** Milliseconds that the blocks to run took last time, along their longest path; null if one has never completed. */
  expectedMs: number | null;
  /** The same as a command. */
  command: string;
};

/** The plan of a request; nothing is written. Throws as `startRun` does. */
export const planRun = async (client: EngineClient, request: RunRequest): Promise<RunPlan> => {
  const prepared = await prepareRun(client, request);
  const { project, pipeline, reuse } = prepared;
  const executed = pipeline.blocks.filter((block) => reuse?.execute.has(block.uuid) ?? true);
  const past = await pastBlockRuns(client, projectIdentity(project), pipeline);
  const changed = reuse ? await changedFiles(client.store, reuse.runId, request.project.path) : null;
  return {
    run: executed.map(({ uuid }) => uuid),
    reuse: await reusedBlocks(client, prepared),
    writes: executed.flatMap((block) => tablesOf(pipeline, block, past.get(blockRunUuid(block)))),
    warnings: [
      ...pipeline.problems
        .filter(({ severity, failsBlockOnly }) => severity === 'warning' || failsBlockOnly)
        .map(({ message }) => message),
      ...staleReuse(prepared, changed ?? []),
    ],
    parentRun: reuse?.runId ?? null,
    executionDate: request.executionDate || reuse ? prepared.executionDate.toISOString() : null,
    variables: prepared.variables,
    code: request.code ?? 'now',
    changedFiles: changed,
    expectedMs: longestPath(executed, past),
    command: runLine(`${request.project.uuid}/${request.pipeline.uuid}`, request, reuse?.runId ?? null),
  };
};

/** Outputs that are reused although the code that made them is another one by now. */
const staleReuse = ({ project, pipeline, reuse }: PreparedRun, changed: string[]): string[] =>
  pipeline.blocks.flatMap(({ uuid, file }) => {
    const path = file === null ? null : relative(project.path, file);
    const run = reuse?.blocks.get(uuid);
    return run !== undefined && path !== null && changed.includes(path)
      ? [`${uuid} is reused from run ${run}, and ${path} has changed since`]
      : [];
  });

const reusedBlocks = async (client: EngineClient, { pipeline, reuse }: PreparedRun): Promise<RunPlan['reuse']> => {
  if (!reuse) return [];
  const kept = pipeline.blocks.filter(({ uuid }) => reuse.blocks.has(uuid));
  const { rows } = await client.store.pool.query<{ run: string; uuid: string; rows: string | null }>(
    `select b.run_id::text as run, b.uuid, b.rows from wand.block_run b
     join unnest($1::bigint[], $2::text[]) as k(run, uuid) on b.run_id = k.run and b.uuid = k.uuid`,
    [kept.map(({ uuid }) => reuse.blocks.get(uuid)!), kept.map(blockRunUuid)],
  );
  return kept.map((block) => {
    const run = reuse.blocks.get(block.uuid)!;
    const count = rows.find((row) => row.run === run && row.uuid === blockRunUuid(block))?.rows ?? null;
    return { block: block.uuid, run, rows: count === null ? null : Number(count) };
  });
};

/** A block's last completed turn. */
type PastBlockRun = { ms: number; tables: string[] };

const pastBlockRuns = async (
  client: EngineClient,
  projectId: string,
  { uuid }: Pipeline,
): Promise<Map<string, PastBlockRun>> => {
  const { rows } = await client.store.pool.query<PastBlockRun & { uuid: string }>(
    `select distinct on (b.uuid) b.uuid, 1000 * extract(epoch from b.finished_at - b.started_at)::float8 as ms,
       coalesce((select array_agg(concat_ws('.', o.relation->>'schema', o.relation->>'table') order by o.position)
         from wand.output o where o.block_run_id = b.id and o.kind = 'relation'), '{}') as tables
     from wand.block_run b
     where b.run_id in (select id from wand.run where project_id = $1 and pipeline = $2 order by id desc limit 20)
       and b.status = 'completed' and b.reused_from is null and b.started_at is not null
     order by b.uuid, b.run_id desc`,
    [projectId, uuid],
  );
  return new Map(rows.map((row) => [row.uuid, row]));
};

/** SQL blocks that make a table say in their configuration what they write; of others it is known from the last time. */
const tablesOf = (pipeline: Pipeline, block: Block, past: PastBlockRun | undefined): RunPlan['writes'] => {
  const { use_raw_sql: raw, data_provider_schema: schema, data_provider_table: table } = block.configuration;
  const policy = block.configuration.export_write_policy;
  if (block.language === 'sql' && raw !== true && raw !== 'true') {
    const name = String(table || `${pipeline.uuid}_${block.uuid.replaceAll('/', '_')}_v1`);
    return [
      { block: block.uuid, table: schema ? `${String(schema)}.${name}` : name, policy: String(policy ?? 'append') },
    ];
  }
  return (past?.tables ?? []).map((name) => ({ block: block.uuid, table: name, policy: 'as its code says' }));
};

const longestPath = (executed: Block[], past: Map<string, PastBlockRun>): number | null => {
  const inside = new Map(executed.map((block) => [block.uuid, block]));
  const upstreamOf = ({ upstream }: Block): string[] => upstream.filter((uuid) => inside.has(uuid));
  const order = topologicalOrder(
    buildGraph(executed.map((block) => ({ id: block.uuid, upstream: upstreamOf(block) }))),
  );
  const ends = new Map<string, number>();
  for (const uuid of order) {
    const block = inside.get(uuid)!;
    const own = past.get(blockRunUuid(block))?.ms;
    if (own === undefined) return null;
    ends.set(uuid, own + Math.max(0, ...upstreamOf(block).map((above) => ends.get(above)!)));
  }
  return Math.round(Math.max(0, ...ends.values()));
};
