import type pg from 'pg';
import type { Pipeline, Project } from '../model/project.ts';
import type { RunStatus } from '../model/run.ts';
import { WandError } from '../problem/wand-error.ts';
import { channels, notify } from '../store/channels.ts';
import type { Store } from '../store/open-store.ts';
import { inTransaction } from '../store/transaction.ts';
import type { Queue } from './queue.ts';
import { type BlockDefinition, blockRunUuid, definitionOf } from './run-definition.ts';
import { beginRun, pipelineSettingNames, pipelineSettings } from './submit.ts';

export type RetryRequest = {
  runId: string;
  /** This block and all below it; without it, all that has not completed. */
  from?: string;
  /** Worker of a foreground run. */
  owner?: string;
  /** Hash of the code as it is now; null or absent: blocks take it from the project's folder. */
  code?: string | null;
  /** Project and pipeline as they are now; null for a file run. */
  current: { project: Project; pipeline: Pipeline } | null;
};

type Found = { status: RunStatus; pipeline: string | null; blocks: FoundBlock[] };
type FoundBlock = { uuid: string; status: string; definition: BlockDefinition; upstream: string[] };

/**
 * Retries a run in place, as Mage does (mage-format.md 8.4): the same run, attempt numbers go on, with the blocks' code and settings as they are
 * now and the run's own graph. Answers the uuids of the block runs that run again. Throws WandError for a run that has not ended or where
 * nothing is to be done.
 */
export const retryRun = (store: Store, queue: Queue, request: RetryRequest): Promise<string[]> =>
  inTransaction(store.pool, async (client) => {
    const found = await lockRun(client, request.runId);
    refuse(found, request);
    const again = await blocksAgain(client, found, { ...request, from: blockNamed(found, request.from) });
    const definitions = Object.fromEntries(again.map((block) => [block.uuid, definitionNow(block, request)]));
    const now = request.current && pipelineSettings(request.current.pipeline);
    await client.query('select wand.reopen_run($1, $2, $3)', [
      request.runId,
      JSON.stringify(definitions),
      request.owner ?? null,
    ]);
    await client.query(
      `update wand.run set settings = (settings - $2::text[]) || jsonb_strip_nulls($3::jsonb) where id = $1`,
      [
        request.runId,
        ['code', ...(now ? pipelineSettingNames : [])],
        JSON.stringify({ ...now, code: request.code ?? null }),
      ],
    );
    await beginRun(client, queue, request.runId, request.owner, request.current?.pipeline ?? null);
    await notify(client, channels.run, request.runId);
    return again.map(({ uuid }) => uuid);
  });

const lockRun = async (client: pg.ClientBase, runId: string): Promise<Found> => {
  const { rows } = await client.query<Found>(
    `select r.status, r.pipeline, (select jsonb_agg(jsonb_build_object('uuid', b.uuid, 'status', b.status, 'definition', b.definition,
       'upstream', (select coalesce(jsonb_agg(u.uuid), '[]') from wand.dependency d join wand.block_run u on u.id = d.upstream
         where d.downstream = b.id)) order by b.position, b.id)
       from wand.block_run b where b.run_id = r.id) as blocks
     from wand.run r where r.id = $1 for update`,
    [runId],
  );
  if (!rows[0]) throw new WandError('run-not-found', `there is no run ${runId}`, { fix: 'wand runs lists them' });
  return { ...rows[0], blocks: rows[0].blocks ?? [] };
};

const refuse = ({ status, pipeline, blocks }: Found, { runId, from }: RetryRequest): void => {
  if (status === 'initial' || status === 'running') {
    throw new WandError('run-open', `run ${runId} is ${status === 'initial' ? 'waiting' : 'running'}`, {
      fix: `wand show ${runId} tells how far it is; wand cancel ${runId} ends it`,
    });
  }
  if (status === 'completed' && from === undefined) {
    throw new WandError('run-completed', `run ${runId} has completed: there is nothing to retry`, {
      fix: `wand retry ${runId} --from BLOCK runs a part of it again; wand run ${pipeline ?? 'FILE'} --run ${runId} makes a new run`,
    });
  }
  if (from !== undefined && blockNamed({ blocks }, from) === undefined) {
    throw new WandError('block-not-found', `run ${runId} has no block ${from}`, {
      fix: `its blocks: ${blocks.map(({ uuid }) => uuid).join(', ')}`,
    });
  }
};

/** A replica goes by its own name, too. */
const blockNamed = ({ blocks }: Pick<Found, 'blocks'>, name: string | undefined): string | undefined =>
  (
    blocks.find(({ uuid }) => uuid === name) ??
    blocks.find(({ uuid, definition }) => !definition.childOf && uuid.split(':')[0] === name)
  )?.uuid;

const blocksAgain = async (
  client: pg.ClientBase,
  { blocks }: Found,
  { runId, from }: RetryRequest,
): Promise<FoundBlock[]> => {
  const incomplete = blocks.filter(({ status }) => status !== 'completed').map(({ uuid }) => uuid);
  const wanted = new Set(from === undefined ? incomplete : await below(client, runId, from));
  // A fan makes its children anew.
  const again = blocks.filter(({ uuid, definition }) => wanted.has(uuid) && !wanted.has(definition.childOf ?? ''));
  const missing = again
    .flatMap(({ upstream }) => upstream)
    .find((uuid) => !wanted.has(uuid) && incomplete.includes(uuid));
  if (missing !== undefined) {
    throw new WandError('upstream-incomplete', `what is below ${from} also needs ${missing}, which has not completed`, {
      fix: `wand retry ${runId} runs all that has not completed`,
    });
  }
  return again;
};

const below = async (client: pg.ClientBase, runId: string, from: string): Promise<string[]> => {
  const { rows } = await client.query<{ uuid: string }>('select wand.from_block($1, $2) as uuid', [runId, from]);
  return rows.map(({ uuid }) => uuid);
};

/** As the files are now; what places a block in its run's graph stays. */
const definitionNow = ({ uuid, definition }: FoundBlock, { runId, current }: RetryRequest): BlockDefinition => {
  if (!current) return definition;
  const { fan, childOf, child } = definition;
  const block = current.pipeline.blocks.find((it) => blockRunUuid(it) === (childOf ?? uuid));
  if (!block) {
    throw new WandError('block-gone', `${current.pipeline.uuid} has no block ${childOf ?? uuid} any more`, {
      file: current.pipeline.file,
      fix: `put it back, or run the pipeline as it is now: wand run ${current.pipeline.uuid} --run ${runId}`,
    });
  }
  const { fan: _, ...now } = definitionOf(current.project, current.pipeline, block);
  return { ...now, ...(fan ? { fan } : {}), ...(childOf ? { childOf } : {}), ...(child ? { child } : {}) };
};
