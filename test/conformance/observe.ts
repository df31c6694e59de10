import type { EngineClient } from '../../src/engine/client/index.ts';
import type { Pipeline } from '../../src/model/project.ts';
import type { BlockError, BlockRun, LogLine, RunSnapshot } from '../../src/model/run.ts';
import { readLog } from '../../src/store/queries/logs.ts';
import { describeOutputs } from './describe-outputs.ts';
import type { ExactJson } from './exact-json.ts';
import { runReplacements, type Scrub, scrubber } from './scrub.ts';
import type { Surroundings } from './surroundings.ts';

export type Observation = { got: { [key: string]: ExactJson }; scrub: Scrub };

export type ObservedPlace = {
  surroundings: Surroundings;
  pipeline: Pipeline;
  /** Of the run in its case, from 1. */
  number: number;
  /** Id of the last run before the case. */
  before: number;
};

/** What came of a run, in the shape of a step of `expected.json` (but for its tables). */
export const observeRun = async (
  client: EngineClient,
  { run, blocks }: RunSnapshot,
  { surroundings, pipeline, number, before }: ObservedPlace,
): Promise<Observation> => {
  const own = runReplacements(run, number, before);
  const scrub = scrubber({ ...own, pairs: [...surroundings.pairs, ...own.pairs] });
  const lines = await readLog(client.store.pool, run.id, { after: 0, limit: 1_000_000 });
  const failures = await failedAttempts(client, run.id);
  const described = await describeOutputs(
    blocks.flatMap(({ outputs }) => outputs),
    { ...surroundings, folder: surroundings.environment.WAND_HOME ?? surroundings.work },
  );
  const outputs = new Map(blocks.map((block) => [block.uuid, outputsOf(block, described)]));
  const places = await dynamicPlaces(client, run.id);
  const replicas = blocks.filter(({ uuid }) => isReplica(pipeline, uuid) && outputs.get(uuid));
  const entries = blocks.map((block): [string, ExactJson] => [
    block.uuid,
    {
      status: block.status,
      ...errorOf(block, failures.get(block.uuid)),
      ...printedBy(lines.filter((line) => line.block === block.uuid)),
      ...(replicas.includes(block) ? {} : optional('outputs', outputsInPlace(block.uuid, places, outputs))),
      ...metricsOf(places.find(({ uuid }) => uuid === block.uuid)),
    },
  ]);
  const got = {
    pipeline: run.pipeline ?? '',
    status: run.status,
    blocks: Object.fromEntries(entries),
    // Mage stores a replica's outputs under its own name, which is not that of its block run.
    ...optional('other_runs', await otherRuns(client, run.id)),
    ...optional(
      'other_outputs',
      replicas.length === 0
        ? undefined
        : Object.fromEntries(replicas.map(({ uuid }) => [uuid.split(':')[0]!, outputs.get(uuid)!])),
    ),
  };
  return { got: scrub(got) as { [key: string]: ExactJson }, scrub };
};

/** Children of dynamic blocks. */
type DynamicPlace = { uuid: string; of: string; index: number; upstream: string[] };

const dynamicPlaces = async (client: EngineClient, runId: string): Promise<DynamicPlace[]> => {
  const { rows } = await client.store.pool.query<DynamicPlace>(
    `select uuid, definition->>'childOf' as of, (definition->'child'->>'index')::int as index,
       array(select u.uuid from wand.dependency d join wand.block_run u on u.id = d.upstream
         where d.downstream = b.id and u.definition ? 'child' order by d.position) as upstream
     from wand.block_run b where run_id = $1 and definition ? 'child' order by id`,
    [runId],
  );
  return rows;
};

/** As Mage stores them: a child's outputs below its block, `<index>/output_0`. */
const outputsInPlace = (
  uuid: string,
  places: DynamicPlace[],
  outputs: Map<string, ExactJson | undefined>,
): ExactJson | undefined => {
  if (places.some((place) => place.uuid === uuid)) return undefined;
  const children = places.filter(({ of }) => of === uuid);
  if (children.length === 0) return outputs.get(uuid);
  const entries = children.flatMap((child) =>
    Object.entries((outputs.get(child.uuid) ?? {}) as { [name: string]: ExactJson }).map(
      ([name, value]): [string, ExactJson] => [`${child.index}/${name}`, value],
    ),
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};

const metricsOf = (place: DynamicPlace | undefined): { [key: string]: ExactJson } =>
  place ? { metrics: { dynamic_block_index: place.index, dynamic_upstream_block_uuids: place.upstream } } : {};

/** Runs that blocks of this run have started, when they have ended. */
const otherRuns = async (client: EngineClient, runId: string): Promise<ExactJson | undefined> => {
  const open = `select from wand.run where id > $1 and status in ('initial', 'running')`;
  while ((await client.store.pool.query(open, [runId])).rowCount) await new Promise((done) => setTimeout(done, 20));
  const { rows } = await client.store.pool.query<{ run: ExactJson }>(
    `select jsonb_build_object('pipeline', r.pipeline, 'trigger', r.trigger, 'status', r.status, 'variables', r.variables,
       'blocks', (select jsonb_object_agg(b.uuid, b.status) from wand.block_run b where b.run_id = r.id)) as run
     from wand.run r where r.id > $1 order by r.id`,
    [runId],
  );
  return rows.length === 0 ? undefined : rows.map(({ run }) => run);
};

type Failures = { failed: number; earlier: BlockError | null };

/** Failed attempts by block, and the last error from before the run was retried by hand, which Mage keeps (README of the pack). */
const failedAttempts = async (client: EngineClient, runId: string): Promise<Map<string, Failures>> => {
  const { rows } = await client.store.pool.query<Failures & { uuid: string }>(
    `select b.uuid, count(*)::int as failed, (array_agg(a.error order by a.attempt desc) filter (where a.attempt <= b.retried_after))[1] as earlier
     from wand.attempt a join wand.block_run b on b.id = a.block_run_id
     where b.run_id = $1 and a.status = 'failed' group by b.uuid`,
    [runId],
  );
  return new Map(rows.map(({ uuid, ...failures }) => [uuid, failures]));
};

const errorOf = ({ status, error }: BlockRun, failures: Failures | undefined): { [key: string]: ExactJson } => {
  const shown = status === 'failed' ? error : failures?.earlier;
  if (!shown) return {};
  return {
    error: `${shown.type}: ${shown.message}`.slice(0, 600),
    ...(failures && failures.failed > 1 ? { failed_attempts: failures.failed } : {}),
  };
};

const printedBy = (lines: LogLine[]): { [key: string]: ExactJson } => {
  const texts = lines.map(({ level, text }) => (level === 'info' ? text : `[${level.toUpperCase()}] ${text}`));
  return texts.length === 0 ? {} : { printed: texts };
};

/** Takes the block's descriptions from the front of the list. */
const outputsOf = ({ outputs }: BlockRun, described: ExactJson[]): ExactJson | undefined =>
  outputs.length === 0
    ? undefined
    : Object.fromEntries(outputs.map(({ name }): [string, ExactJson] => [name, described.shift() ?? null]));

const optional = (name: string, value: ExactJson | undefined): { [key: string]: ExactJson } =>
  value === undefined ? {} : { [name]: value };

const isReplica = ({ blocks }: Pipeline, blockRun: string): boolean =>
  blocks.some(({ uuid, replicatedBlock }) => replicatedBlock !== null && blockRun === `${uuid}:${replicatedBlock}`);
