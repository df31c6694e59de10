import { existsSync, readFileSync } from 'node:fs';
import type { Client } from 'pg';
import type { BlockContext, BlockResult } from '../../model/block-task.ts';
import type { ConnectionConfig } from '../../model/connection-config.ts';
import type { BlockError } from '../../model/run.ts';
import { WandError } from '../../problem/wand-error.ts';
import { commitUnknown, type MarkedWork, withMarkedTransaction } from '../marker/marked-transaction.ts';
import { sourceOf } from '../source-of.ts';
import { adopt } from './adopt.ts';
import { connectionOf } from './block-connection.ts';
import { blockOutputText } from './block-output.ts';
import { ensureSchema } from './ensure-schema.ts';
import type { RenderedSql } from './line-marks.ts';
import { withOwnTransactions } from './own-transactions.ts';
import { type RawScript, readScript } from './raw-script.ts';
import { renderSql } from './render-sql.ts';
import { runRawBlock, runUnsplit } from './run-raw-block.ts';
import { runTableBlock } from './run-table-block.ts';
import { hasRestarted, isLostConnection, rememberDatabase } from './server-restarted.ts';
import { withSession } from './session.ts';
import { toBlockError } from './sql-error.ts';
import { blockTable } from './table-names.ts';
import { uploadAll, uploadSchemas } from './upload.ts';
import { referenceSql, resolveUpstreams, type Upstream } from './upstreams.ts';
import { closeWarmConnections } from './warm-connections.ts';

/**
 * Runs an SQL block (mage-format.md 4): renders its text, uploads the upstreams it refers to, and runs it in one transaction
 * with its exactly-once marker. A failure is a failed result with SQLSTATE, file and line.
 */
export const runSqlBlock = async (context: BlockContext): Promise<BlockResult> => {
  const block: Block = { context, rendered: null };
  const begun = performance.now();
  try {
    if (!previewable.includes(context.task.blockType)) return skipped(context);
    const config = await connectionOf(context);
    const { rendered, upstreams } = await prepare(context, config);
    block.rendered = rendered;
    const done = await runCommitted(block, config, upstreams);
    return { status: 'completed', outputs: done.outputs, rows: done.rows, tests: [] };
  } catch (error) {
    const restarted = await hasRestarted(error, begun, () => connectionOf(context), context.signal);
    const known = restarted ? serverRestarted(error) : error;
    return { status: 'failed', error: await errorOf(block, known, null), outputs: [], tests: [] };
  }
};

const serverRestarted = (cause: unknown): WandError =>
  new WandError(
    'server-restarted',
    'the database server was restarted while the block ran: what it had done is undone',
    {
      cause,
      exitCode: 1,
      fix: 'Run the block again.',
    },
  );

type Block = { context: BlockContext; rendered: RenderedSql | null };

/** Mage runs SQL of these types only; a sensor in SQL does nothing there (mage-format.md 4.4). */
const previewable = ['custom', 'data_exporter', 'data_loader', 'dbt', 'transformer', 'scratchpad'];

const skipped = (context: BlockContext): BlockResult => {
  const text = `an SQL block of type ${context.task.blockType} does nothing, as in Mage`;
  context.log({ level: 'warning', source: 'wand', text });
  return { status: 'completed', outputs: [], rows: null, tests: [] };
};

const prepare = async (
  context: BlockContext,
  config: ConnectionConfig,
): Promise<{ rendered: RenderedSql; upstreams: Upstream[] }> => {
  const { task, environment } = context;
  const source = sourceOf(task.code, task.file);
  if (!existsSync(source)) {
    throw new WandError('block-file-missing', `block ${task.blockUuid} has no file`, {
      file: task.file,
      fix: 'Create it, or take the block out of the pipeline.',
    });
  }
  const template = readFileSync(source, 'utf8');
  const upstreams = await resolveUpstreams(context, config, template);
  const rendered = await renderSql({
    file: task.file,
    template,
    variables: task.variables,
    environment,
    reference: (number, following) => {
      const upstream = upstreams.get(number);
      return upstream ? referenceSql(upstream, following) : null;
    },
    blockOutput: (source, line) => blockOutputText(context, source, line),
    warn: ({ rule, line, text }) =>
      context.log({
        level: 'warning',
        source: 'wand',
        text: `${rule}: ${line === null ? '' : `line ${line}: `}${text}`,
      }),
  });
  return { rendered, upstreams: [...upstreams.values()] };
};

/** Runs the block, and when the answer to COMMIT was lost finds out from the marker whether it took effect. */
const runCommitted = async (block: Block, config: ConnectionConfig, upstreams: Upstream[]): Promise<MarkedWork> => {
  const { context } = block;
  try {
    return await withSession(context, config, (client, hello) => runOn(block, { client, hello, config }, upstreams));
  } catch (error) {
    if (!(error instanceof WandError) || error.code !== commitUnknown) throw error;
    const { marker } = context.task;
    const asked = { ...marker, lostAttempts: [marker.attempt] };
    const ask = async (): Promise<MarkedWork> => {
      throw error;
    };
    return withSession(context, config, (client) => withMarkedTransaction(client, asked, ask)).catch(() => ask());
  }
};

const runOn = async (
  block: Block,
  { client, hello, config }: { client: Client; hello: string; config: ConnectionConfig },
  upstreams: Upstream[],
): Promise<MarkedWork> => {
  const { context } = block;
  const { marker, configuration, file } = context.task;
  const rendered = block.rendered!;
  rememberDatabase(config);
  try {
    const script = configuration.use_raw_sql ? readScript(rendered, file) : null;
    await makeSchemas(client, [
      ...uploadSchemas(upstreams),
      ...(script ? [] : [blockTable(context.task, config).schema]),
    ]);
    if (script?.ownTransactions) {
      // DROP DATABASE and the like want nobody else there.
      await closeWarmConnections();
      await client.query(hello);
      await inTransaction(client, () => uploadAll(context, client, upstreams));
      return await withOwnTransactions(context, client, script, (between) =>
        configuration.disable_query_preprocessing
          ? runUnsplit(client, rendered)
          : runRawBlock(context, client, script, between),
      );
    }
    if (script?.unwrapped) {
      context.log({
        level: 'info',
        source: 'wand',
        text: 'BEGIN and COMMIT around the script are left out: the block is one transaction',
      });
    }
    const work = async (): Promise<MarkedWork> => {
      await uploadAll(context, client, upstreams);
      if (!script) return runTableBlock(context, client, config, rendered);
      return configuration.disable_query_preprocessing && !script.unwrapped
        ? runUnsplit(client, rendered)
        : runRawBlock(context, client, script);
    };
    return adopt(
      context,
      await withMarkedTransaction(
        client,
        marker,
        () => withRoleReset(client, script, work),
        (entry) => context.log(entry),
        { hello, ...askingOf(script, upstreams, configuration) },
      ),
    );
  } catch (error) {
    const isOurs = error instanceof WandError && error.code === commitUnknown;
    if (isOurs || context.signal.aborted || isLostConnection(error)) throw error;
    throw new BlockFailure(await errorOf(block, error, client));
  }
};

/** Whether a script only asks, and whether its statements are all that is sent. */
const askingOf = (
  script: RawScript | null,
  upstreams: Upstream[],
  configuration: Record<string, unknown>,
): { onlyAsks: boolean; executions: number } => {
  const onlyAsks = script?.statements.every(({ kind }) => kind.onlyAsks) ?? false;
  const isPlain = uploadSchemas(upstreams).length === 0 && !configuration.disable_query_preprocessing;
  return { onlyAsks, executions: script && onlyAsks && isPlain ? script.statements.length : 0 };
};

/**
 * Before the block's own transaction and in ones of their own: the lock on a schema's name held beside those on tables let
 * three blocks of a first run wait for each other in a circle.
 */
const makeSchemas = async (client: Client, schemas: string[]): Promise<void> => {
  for (const schema of new Set(schemas)) await inTransaction(client, () => ensureSchema(client, schema));
};

/** A script that changed its role may lack the right to write the marker. */
const withRoleReset = async (
  client: Client,
  script: RawScript | null,
  work: () => Promise<MarkedWork>,
): Promise<MarkedWork> => {
  const done = await work();
  if (script?.statements.some(({ kind }) => kind.changesRole)) {
    await client.query('RESET SESSION AUTHORIZATION');
    await client.query('RESET ROLE');
  }
  return done;
};

const inTransaction = async (client: Client, work: () => Promise<void>): Promise<void> => {
  await client.query('BEGIN');
  await work();
  await client.query('COMMIT');
};

/** A failure that has been put into words while the session was still there to be asked. */
class BlockFailure extends Error {
  readonly blockError: BlockError;

  constructor(blockError: BlockError) {
    super(blockError.message);
    this.blockError = blockError;
  }
}

const errorOf = async ({ context, rendered }: Block, error: unknown, client: Client | null): Promise<BlockError> =>
  error instanceof BlockFailure ? error.blockError : toBlockError(error, { file: context.task.file, rendered }, client);
