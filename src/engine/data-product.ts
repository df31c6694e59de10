import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import type { BlockContext, BlockResult } from '../model/block-task.ts';
import { WandError } from '../problem/wand-error.ts';
import { parseYaml } from '../project/yaml.ts';
import { inTransaction } from '../store/transaction.ts';
import type { Claim } from './claim.ts';
import { projectOfClaim } from './code/project-then.ts';
import { untilThere } from './database-away.ts';
import type { ExecutionPorts } from './execute-claim.ts';
import { localOutput } from './outputs/fetch-output.ts';

/** An entry of global_data_products.yaml (mage-format.md 10.2). */
type DataProduct = { pipeline: string; outdatedAfter: number; blocks: string[] };

export const dataProductTrigger = 'GLOBAL_DATA_PRODUCT_TRIGGER';

/**
 * A block that hands on what a pipeline made (mage-format.md 3.9): of its last completed run if that is not outdated, else of a new run,
 * for which it waits without a slot. A run of the product that is under way is waited for, not doubled.
 */
export const runDataProduct = async (
  claim: Claim,
  context: BlockContext,
  ports: ExecutionPorts,
): Promise<BlockResult> => {
  const uuid = String(asMap(claim.definition.configuration.global_data_product).uuid);
  const run = await productRun(claim, ports, uuid, (text) => context.log({ level: 'info', source: 'wand', text }));
  const outputs = await productOutputs(ports, run, readProduct(claim, uuid).blocks);
  return { status: 'completed', outputs, rows: null, tests: [] };
};

/** Id of a completed run of a product that is not outdated; waits for one if need be. */
export const productRun = async (
  claim: Claim,
  ports: ExecutionPorts,
  uuid: string,
  say: (text: string) => void = () => {},
): Promise<string> => {
  const product = readProduct(claim, uuid);
  const fresh = await freshRun(claim, ports.store.pool, product);
  if (fresh) say(`${product.pipeline} is up to date: run ${fresh}`);
  return fresh ?? newRun(claim, ports, product, say);
};

const readProduct = (claim: Claim, uuid: string): DataProduct => {
  const file = join(claim.projectPath, 'global_data_products.yaml');
  const products = existsSync(file) ? asMap(parseYaml(readFileSync(file, 'utf8'), { file }).value) : {};
  const entry = asMap(products[uuid]);
  if (typeof entry.object_uuid !== 'string' || (entry.object_type ?? 'pipeline') !== 'pipeline') {
    throw new WandError(
      'no-data-product',
      `block ${claim.uuid} names the global data product ${uuid}, which is no pipeline there`,
      {
        file,
        fix: 'give it object_type: pipeline and object_uuid',
      },
    );
  }
  return {
    pipeline: entry.object_uuid,
    outdatedAfter: seconds(asMap(entry.outdated_after)),
    blocks: Object.keys(asMap(entry.settings)),
  };
};

/** `{seconds, minutes, ..., years}`; nothing there is outdated at once. */
const seconds = (after: Record<string, unknown>): number => {
  const units = {
    seconds: 1,
    minutes: 60,
    hours: 3_600,
    days: 86_400,
    weeks: 604_800,
    months: 2_592_000,
    years: 31_536_000,
  };
  return Object.entries(units).reduce((sum, [unit, length]) => sum + Number(after[unit] ?? 0) * length, 0);
};

const freshRun = async (
  claim: Claim,
  client: pg.Pool | pg.ClientBase,
  product: DataProduct,
): Promise<string | null> => {
  const { rows } = await client.query<{ id: string }>(
    `select id::text from wand.run r where project_id = $1 and pipeline = $2 and status = 'completed' and trigger = $4
       and execution_date + make_interval(secs => $3) > clock_timestamp() and not exists (
         select from wand.block_run b join wand.output o on o.block_run_id = b.id where b.run_id = r.id and o.removed_at is not null)
     order by id desc limit 1`,
    [claim.projectId, product.pipeline, product.outdatedAfter, dataProductTrigger],
  );
  return rows[0]?.id ?? null;
};

const newRun = async (
  claim: Claim,
  { store, queue, signal, onWaiting }: ExecutionPorts,
  product: DataProduct,
  say: (text: string) => void,
): Promise<string> => {
  const run = await oneRun(claim, { store, queue }, product);
  say(`waits for run ${run} of ${product.pipeline}`);
  onWaiting?.(true);
  try {
    for (;;) {
      signal.throwIfAborted();
      const { rows } = await untilThere(
        () => store.pool.query<{ status: string }>('select status from wand.run where id = $1', [run]),
        () => signal.aborted,
      );
      const status = rows[0]?.status ?? 'cancelled';
      if (status === 'completed') return run;
      if (status !== 'initial' && status !== 'running') {
        throw new WandError('data-product-failed', `run ${run} of ${product.pipeline} is ${status}`, {
          fix: `wand show ${run}`,
        });
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  } finally {
    onWaiting?.(false);
  }
};

/** Begins of this process come one after the other, so that they hold one connection together while they wait for those of others. */
let line: Promise<unknown> = Promise.resolve();

/** The run of a product that is under way, or a new one: whoever asks at the same time gets the same, in whatever process. */
const oneRun = (
  claim: Claim,
  ports: Pick<ExecutionPorts, 'store' | 'queue'>,
  product: DataProduct,
): Promise<string> => {
  const found = line.then(() =>
    inTransaction(ports.store.pool, async (client) => {
      await client.query(`select pg_advisory_xact_lock(hashtextextended('wand data product ' || $1 || ' ' || $2, 0))`, [
        claim.projectId,
        product.pipeline,
      ]);
      const known = (await freshRun(claim, client, product)) ?? (await openRun(claim, client, product));
      // Committed by itself before the lock is given back.
      return known ?? begin(claim, ports, product);
    }),
  );
  line = found.catch(() => {});
  return found;
};

const openRun = async (claim: Claim, client: pg.ClientBase, product: DataProduct): Promise<string | null> => {
  const { rows } = await client.query<{ id: string }>(
    `select id::text from wand.run where project_id = $1 and pipeline = $2 and trigger = $3 and status in ('initial', 'running')
     order by id desc limit 1`,
    [claim.projectId, product.pipeline, dataProductTrigger],
  );
  return rows[0]?.id ?? null;
};

const begin = async (
  claim: Claim,
  { store, queue }: Pick<ExecutionPorts, 'store' | 'queue'>,
  product: DataProduct,
): Promise<string> => {
  const { project, standIn } = projectOfClaim(claim);
  const pipeline = project.pipelines.find(({ uuid }) => uuid === product.pipeline);
  if (!pipeline || !queue) {
    throw new WandError(
      'pipeline-not-found',
      `the global data product of ${claim.uuid} needs the pipeline ${product.pipeline}`,
    );
  }
  const { startRun } = await import('./client/start-run.ts');
  return startRun(
    { store, queue: async () => queue, close: async () => {} },
    {
      project,
      pipeline,
      trigger: dataProductTrigger,
      settings: { api: true },
      standIn,
      owner: claim.owner ?? undefined,
    },
  );
};

/** Outputs of the blocks that the product names, each `<block>/<output>`; downstream gets `{block: [values]}`. */
const productOutputs = async ({ store, signal }: ExecutionPorts, run: string, blocks: string[]) => {
  const { rows } = await store.pool.query<{ uuid: string; outputs: BlockResult['outputs'] }>(
    `select uuid, wand.outputs(id) as outputs from wand.block_run
     where run_id = $1 and (cardinality($2::text[]) = 0 or uuid = any($2)) order by position, id`,
    [run, blocks],
  );
  // On this host: the block hands them on as its own.
  return Promise.all(
    rows.flatMap(({ uuid, outputs }) =>
      outputs.map(async (output) => ({
        ...(await localOutput(store, output, signal)),
        name: `${uuid}/${output.name}`,
      })),
    ),
  );
};

const asMap = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
