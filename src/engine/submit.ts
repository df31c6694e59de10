import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import type pg from 'pg';
import type { Block, Pipeline, Project } from '../model/project.ts';
import { channels, notify } from '../store/channels.ts';
import type { Store } from '../store/open-store.ts';
import { inTransaction } from '../store/transaction.ts';
import type { ClaimInput } from './claim.ts';
import { keepCode } from './code/take-snapshot.ts';
import { endRun } from './finish.ts';
import { hostIdentity } from './host-identity.ts';
import { type Offer, ownerQueue, type Queue, sharedQueue } from './queue.ts';
import type { Reuse } from './reuse.ts';
import { type BlockDefinition, blockRunUuid, definitionOf, type RunSettings } from './run-definition.ts';

export type Submission = {
  project: Project;
  pipeline: Pipeline;
  trigger: string;
  executionDate: Date;
  variables: Record<string, unknown>;
  settings?: RunSettings;
  /** Worker of a foreground run: only it claims the blocks (decisions.md 14). */
  owner?: string;
  /** Identity of a project whose folder this host does not have. */
  projectId?: string;
  /** Hash of the code to run with; the code as it is now without it (decisions.md 6). */
  code?: string;
  /** A block's file by itself: the run has no pipeline, and this stands in its block's definition. */
  fileRun?: { ofPipeline: string | null; inputs: ClaimInput[]; parentRunId: string | null };
  /** A partial rerun: blocks whose outputs an earlier run supplies. */
  reuse?: Reuse;
};

/** Writes a run with its blocks and edges, and offers its first blocks to the workers, in one transaction. Answers the run's id. */
export const submitRun = async (store: Store, queue: Queue, submission: Submission): Promise<string> => {
  const code = submission.code ?? (await keepCode(store.pool, submission.project.path)) ?? undefined;
  return inTransaction(store.pool, async (client) => {
    const projectId = await (submission.projectId ?? upsertProject(client, submission.project));
    const runId = await insertRun(client, { ...submission, code }, projectId);
    const blocks = blocksOfRun(submission);
    const blockRunIds = await insertBlockRuns(client, runId, blocks, submission);
    await insertDependencies(client, blocks, blockRunIds);
    if (submission.reuse) {
      await copyChildren(client, runId);
      await copyOutputs(client, runId);
    }
    await beginRun(client, queue, runId, submission.owner, submission.pipeline);
    await notify(client, channels.run, runId);
    return runId;
  });
};

/** Offers the first blocks of a run, unless it has to wait for others. */
export const beginRun = async (
  client: pg.ClientBase,
  queue: Queue,
  runId: string,
  owner: string | undefined,
  pipeline: Pipeline | null,
): Promise<void> => {
  if (!(await mayBegin(client, runId, pipeline))) return;
  await queue.enqueue(client, owner ? ownerQueue(owner) : sharedQueue, await offerFirst(client, runId));
};

/** All blocks; in a partial rerun those executed or reused, without edges to the others. */
const blocksOfRun = ({ pipeline, reuse }: Submission): Block[] => {
  if (!reuse) return pipeline.blocks;
  const isIn = (uuid: string): boolean => reuse.execute.has(uuid) || reuse.blocks.has(uuid);
  return pipeline.blocks
    .filter((block) => isIn(block.uuid))
    .map((block) => ({ ...block, upstream: block.upstream.filter(isIn) }));
};

/** Identity of a project: its `project_uuid`, else host and real path (decisions.md 6). */
export const projectIdentity = (project: Project): string =>
  project.projectUuid ??
  createHash('sha256')
    .update(`${hostIdentity()}\0${realpathSync(project.path)}`)
    .digest('hex')
    .slice(0, 32);

const upsertProject = async (client: pg.ClientBase, project: Project): Promise<string> => {
  const id = projectIdentity(project);
  await client.query(
    `insert into wand.project (id, name, path, host) values ($1, $2, $3, $4)
     on conflict (id) do update set name = $2, path = $3, host = $4, seen_at = now()`,
    [id, project.name, project.path, hostIdentity()],
  );
  return id;
};

const insertRun = async (client: pg.ClientBase, submission: Submission, projectId: string): Promise<string> => {
  const { project, pipeline } = submission;
  const { rows } = await client.query<{ id: string }>(
    `insert into wand.run (project_id, project, project_path, pipeline, trigger, execution_date, variables, settings,
       parent_run_id, owner, block_run_limit, run_limit, run_limit_all, time_limit, time_limit_status)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) returning id::text`,
    [
      projectId,
      project.uuid,
      project.path,
      submission.fileRun ? null : pipeline.uuid,
      submission.trigger,
      submission.executionDate,
      JSON.stringify(submission.variables),
      JSON.stringify({
        ...submission.settings,
        ...pipelineSettings(pipeline),
        code: submission.code,
      }),
      submission.reuse?.runId ?? submission.fileRun?.parentRunId ?? null,
      submission.owner ?? null,
      blockRunLimit(pipeline),
      submission.settings?.pipelineRunLimit ??
        runLimit(pipeline, 'pipeline_run_limit', 'CONCURRENCY_CONFIG_PIPELINE_RUN_LIMIT'),
      runLimit(pipeline, 'pipeline_run_limit_all_triggers'),
      submission.settings?.timeout ?? null,
      submission.settings?.timeoutStatus ?? 'failed',
    ],
  );
  return rows[0]!.id;
};

/** Settings that a pipeline's file gives each run of it. */
export const pipelineSettings = (pipeline: Pipeline): RunSettings => ({
  ...processSettings(pipeline),
  ...tagSettings(pipeline),
});

export const pipelineSettingNames = ['oneProcess', 'keepInMemory', 'tagged'] as const satisfies (keyof RunSettings)[];

const processSettings = ({ runInOneProcess, cacheOutputInMemory }: Pipeline): RunSettings =>
  runInOneProcess ? { oneProcess: true, keepInMemory: cacheOutputInMemory } : {};

const tagSettings = ({ blocks }: Pipeline): Pick<RunSettings, 'tagged'> =>
  blocks.some(({ workerTags }) => workerTags) ? { tagged: true } : {};

/** `concurrency_config.block_run_limit` (mage-format.md 8.6): blocks of one run at once; null without a limit. */
const blockRunLimit = (pipeline: Pipeline): number | null =>
  pipeline.runInOneProcess ? 1 : runLimit(pipeline, 'block_run_limit', 'CONCURRENCY_CONFIG_BLOCK_RUN_LIMIT');

const runLimit = ({ concurrencyConfig }: Pipeline, key: string, variable?: string): number | null => {
  const limit = Number(concurrencyConfig[key] ?? (variable ? process.env[variable] : undefined) ?? Number.NaN);
  return Number.isInteger(limit) && limit > 0 ? limit : null;
};

/**
 * Whether a run may begin now. One above the limit of its trigger or pipeline waits for another's end, or is cancelled at once where
 * `on_pipeline_run_limit_reached` is `skip` (mage-format.md 8.6). Held exactly: submitters of a limited pipeline come one after the other.
 */
const mayBegin = async (client: pg.ClientBase, runId: string, pipeline: Pipeline | null): Promise<boolean> => {
  const { rows } = await client.query<{ limited: boolean }>(
    'select run_limit is not null or run_limit_all is not null as limited from wand.run where id = $1',
    [runId],
  );
  if (!rows[0]!.limited) return true;
  await client.query('select wand.lock_pipeline(r) from wand.run r where id = $1', [runId]);
  const room = await client.query<{ room: boolean }>('select wand.has_room(r) as room from wand.run r where id = $1', [
    runId,
  ]);
  if (room.rows[0]!.room) return true;
  if (pipeline?.concurrencyConfig.on_pipeline_run_limit_reached === 'skip') await endRun(client, runId, 'cancelled');
  else await client.query('update wand.run set waits = true where id = $1', [runId]);
  return false;
};

/** Answers block uuid -> block run id. Reused blocks are born completed, with the outputs of the run they come from. */
const insertBlockRuns = async (
  client: pg.ClientBase,
  runId: string,
  blocks: Block[],
  { project, pipeline, reuse, fileRun }: Submission,
): Promise<Map<string, string>> => {
  const rows = blocks.map((block, position) => ({
    uuid: blockRunUuid(block),
    block_type: block.type,
    language: block.language,
    position,
    definition: { ...definitionOf(project, pipeline, block), ...(fileRun ? alone(fileRun) : {}) },
    pending: block.upstream.filter((uuid) => !reuse?.blocks.has(uuid)).length,
    status: reuse?.blocks.has(block.uuid) ? 'completed' : 'initial',
    reused_from: reuse?.blocks.has(block.uuid) ? reuse.blocks.get(block.uuid) : null,
  }));
  const inserted = await client.query<{ id: string; position: number }>(
    `insert into wand.block_run (run_id, uuid, block_type, language, position, definition, pending, status, reused_from)
     select $1, uuid, block_type, language, position, definition, pending, status, reused_from
     from jsonb_to_recordset($2::jsonb) as b(uuid text, block_type text, language text, position int,
       definition jsonb, pending int, status text, reused_from bigint)
     returning id::text, position`,
    [runId, JSON.stringify(rows)],
  );
  return new Map(inserted.rows.map(({ id, position }) => [blocks[position]!.uuid, id]));
};

/** Children of a reused fan: born completed as it is, between what is above and below it. */
const copyChildren = async (client: pg.ClientBase, runId: string): Promise<void> => {
  await client.query(
    `with copied as (
       insert into wand.block_run (run_id, uuid, block_type, language, position, definition, pending, status, reused_from)
       select b.run_id, old.uuid, old.block_type, old.language, b.position, old.definition, 0, 'completed', b.reused_from
       from wand.block_run b join wand.block_run old on old.run_id = b.reused_from and old.definition->>'childOf' = b.uuid
       where b.run_id = $1 and old.status = 'completed' order by old.id
       returning id, definition->>'childOf' as fan
     )
     insert into wand.dependency (upstream, downstream, position)
     select c.id, d.downstream, d.position
     from copied c join wand.block_run b on b.run_id = $1 and b.uuid = c.fan join wand.dependency d on d.upstream = b.id`,
    [runId],
  );
};

const copyOutputs = async (client: pg.ClientBase, runId: string): Promise<void> => {
  await client.query(
    `insert into wand.output (block_run_id, position, name, kind, host, path, rows, columns, bytes, relation)
     select b.id, o.position, o.name, o.kind, o.host, o.path, o.rows, o.columns, o.bytes, o.relation
     from wand.block_run b
     join wand.block_run old on old.run_id = b.reused_from and old.uuid = b.uuid
     join wand.output o on o.block_run_id = old.id
     where b.run_id = $1`,
    [runId],
  );
  await client.query(
    `update wand.block_run b set rows = old.rows from wand.block_run old
     where b.run_id = $1 and old.run_id = b.reused_from and old.uuid = b.uuid`,
    [runId],
  );
};

const alone = ({ ofPipeline, inputs }: NonNullable<Submission['fileRun']>): Partial<BlockDefinition> => ({
  inputs,
  ...(ofPipeline === null ? {} : { ofPipeline }),
});

const insertDependencies = async (
  client: pg.ClientBase,
  blocks: Block[],
  blockRunIds: Map<string, string>,
): Promise<void> => {
  const edges = blocks.flatMap((block) =>
    block.upstream.map((uuid, position) => [blockRunIds.get(uuid)!, blockRunIds.get(block.uuid)!, position] as const),
  );
  await client.query(
    `insert into wand.dependency (upstream, downstream, position)
     select * from unnest($1::bigint[], $2::bigint[], $3::int[])`,
    [edges.map((edge) => edge[0]), edges.map((edge) => edge[1]), edges.map((edge) => edge[2])],
  );
};

/** Queues the blocks that wait for nobody, and offers them within the run's limit. */
const offerFirst = async (client: pg.ClientBase, runId: string): Promise<Offer[]> => {
  await client.query(
    `update wand.block_run set status = 'queued' where run_id = $1 and pending = 0 and status = 'initial'`,
    [runId],
  );
  const { rows } = await client.query<{ offers: Offer[] }>('select wand.make_offers($1) as offers', [runId]);
  return rows[0]!.offers;
};
