import type { EngineClient } from '../../src/engine/client/index.ts';
import type { Pipeline } from '../../src/model/project.ts';
import type { BlockRun, LogLine, RunSnapshot } from '../../src/model/run.ts';
import { readLog } from '../../src/store/queries/logs.ts';
import { describeOutputs } from './describe-outputs.ts';
import type { ExactJson } from './exact-json.ts';
import { runReplacements, type Scrub, scrubber } from './scrub.ts';
import type { Surroundings } from './surroundings.ts';

export type Observation = { got: { [key: string]: ExactJson }; scrub: Scrub };

/** What came of a run, in the shape of a step of `expected.json` (but for its tables). */
export const observeRun = async (
  client: EngineClient,
  { run, blocks }: RunSnapshot,
  { surroundings, pipeline, number }: { surroundings: Surroundings; pipeline: Pipeline; number: number },
): Promise<Observation> => {
  const own = runReplacements(run, number);
  const scrub = scrubber({ ...own, pairs: [...surroundings.pairs, ...own.pairs] });
  const lines = await readLog(client.store.pool, run.id, { after: 0, limit: 1_000_000 });
  const failures = await failedAttempts(client, run.id);
  const described = await describeOutputs(
    blocks.flatMap(({ outputs }) => outputs),
    { ...surroundings, folder: surroundings.environment.WAND_HOME ?? surroundings.work },
  );
  const outputs = new Map(blocks.map((block) => [block.uuid, outputsOf(block, described)]));
  const replicas = blocks.filter(({ uuid }) => isReplica(pipeline, uuid) && outputs.get(uuid));
  const entries = blocks.map((block): [string, ExactJson] => [
    block.uuid,
    {
      status: block.status,
      ...errorOf(block, failures.get(block.uuid) ?? 0),
      ...printedBy(lines.filter((line) => line.block === block.uuid)),
      ...(replicas.includes(block) ? {} : optional('outputs', outputs.get(block.uuid))),
    },
  ]);
  const got = {
    pipeline: run.pipeline ?? '',
    status: run.status,
    blocks: Object.fromEntries(entries),
    // Mage stores a replica's outputs under its own name, which is not that of its block run.
    ...optional(
      'other_outputs',
      replicas.length === 0
        ? undefined
        : Object.fromEntries(replicas.map(({ uuid }) => [uuid.split(':')[0]!, outputs.get(uuid)!])),
    ),
  };
  return { got: scrub(got) as { [key: string]: ExactJson }, scrub };
};

const failedAttempts = async (client: EngineClient, runId: string): Promise<Map<string, number>> => {
  const { rows } = await client.store.pool.query<{ uuid: string; failed: number }>(
    `select b.uuid, count(*)::int as failed from wand.attempt a join wand.block_run b on b.id = a.block_run_id
     where b.run_id = $1 and a.status = 'failed' group by b.uuid`,
    [runId],
  );
  return new Map(rows.map(({ uuid, failed }) => [uuid, failed]));
};

const errorOf = ({ status, error }: BlockRun, failures: number): { [key: string]: ExactJson } =>
  status !== 'failed' || !error
    ? {}
    : {
        error: `${error.type}: ${error.message}`.slice(0, 600),
        ...(failures > 1 ? { failed_attempts: failures } : {}),
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
