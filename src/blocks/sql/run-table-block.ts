import type { Client } from 'pg';
import type { BlockContext } from '../../model/block-task.ts';
import type { ConnectionConfig } from '../../model/connection-config.ts';
import type { StoredOutput } from '../../model/output.ts';
import { shortTypeName } from '../../postgres/raw-types.ts';
import { WandError } from '../../problem/wand-error.ts';
import type { MarkedWork } from '../marker/marked-transaction.ts';
import { lockName, tableExists } from './ensure-schema.ts';
import { execute } from './execution.ts';
import type { RenderedSql } from './line-marks.ts';
import { typeNameOf } from './result-types.ts';
import { type Statement, splitStatements } from './split-statements.ts';
import { placed } from './sql-error.ts';
import { resultLimit, storeResult } from './store-result.ts';
import { blockTable, plainName, sqlName, type TableName } from './table-names.ts';
import { elapsed } from './upload.ts';

/** Up to this many rows a table is kept as a file as well, for previews of what it was in this run. */
const smallTable = 10_000;
/** Rows of an appended-to table are counted up to this size; counting more costs more than the number is worth. */
const countedBytes = 1024 ** 3;

/**
 * A block without `use_raw_sql`: one query, and a table made of it (mage-format.md 4.3, steps 6 and 7), inside the
 * caller's transaction. The output is the table itself; its `rows` are all its rows, also those appended earlier.
 */
export const runTableBlock = async (
  context: BlockContext,
  client: Client,
  config: ConnectionConfig,
  rendered: RenderedSql,
): Promise<MarkedWork> => {
  const [query, ...others] = splitStatements(rendered.text);
  if (!query) return nothing(context);
  const table = blockTable(context.task, config);
  const written = await writeTable(context, client, table, query);
  await runOthers(context, client, rendered, others);
  const rows = written.isNew ? written.rows : await countRows(client, table);
  const output = await tableOutput(context, client, table, rows);
  return { outputs: [output], rows: output.rows };
};

const nothing = (context: BlockContext): MarkedWork => {
  context.log({ level: 'warning', source: 'wand', text: 'the file holds no statement; nothing was done' });
  return { outputs: [], rows: null };
};

type Policy = 'append' | 'replace' | 'fail';

const policyOf = (context: BlockContext): Policy => {
  const policy = context.task.configuration.export_write_policy ?? 'append';
  if (policy === 'append' || policy === 'replace' || policy === 'fail') return policy;
  throw new WandError(
    'unknown-write-policy',
    `export_write_policy ${JSON.stringify(policy)} of block ${context.task.blockUuid} is unknown`,
    {
      fix: 'Use append, replace or fail.',
    },
  );
};

const writeTable = async (
  context: BlockContext,
  client: Client,
  table: TableName,
  query: Statement,
): Promise<{ isNew: boolean; rows: number }> => {
  const policy = policyOf(context);
  const begun = performance.now();
  const exists = await existsForUs(client, table);
  if (exists && policy === 'fail') {
    throw new WandError('table-exists', `table ${plainName(table)} already exists in the database`, {
      fix: 'Drop it, or set export_write_policy to append or replace.',
    });
  }
  if (exists && policy === 'replace') await client.query(`DROP TABLE ${sqlName(table)}`);
  const isNew = !exists || policy === 'replace';
  const prefix = isNew ? `CREATE TABLE ${sqlName(table)} AS\n` : `INSERT INTO ${sqlName(table)}\n`;
  const result = await placed({ ...query, prefix }, () => client.query(prefix + query.text));
  const rows = result.rowCount ?? 0;
  const verb = isNew ? (exists ? 'replaced' : 'made') : 'appended to';
  const text = `${verb} table ${plainName(table)} (${rows} ${rows === 1 ? 'row' : 'rows'}, ${elapsed(begun)})`;
  context.log({ level: 'info', source: 'wand', text });
  return { isNew, rows };
};

/** Two blocks may fill one table (data_provider_table): whoever would make it waits for the other, and then looks again. */
const existsForUs = async (client: Client, table: TableName): Promise<boolean> => {
  if (await tableExists(client, table)) return true;
  await lockName(client, `table ${plainName(table)}`);
  return tableExists(client, table);
};

/** What follows the query is run as well, as in Mage, which keeps silent about it. */
const runOthers = async (
  context: BlockContext,
  client: Client,
  rendered: RenderedSql,
  others: Statement[],
): Promise<void> => {
  if (others.length === 0) return;
  const line = rendered.templateLine(others[0]!.start);
  const text =
    `several-statements: only the first statement makes the table; the ${others.length} from line ${line} on are run, ` +
    'but what they give is not kept. For a script set use_raw_sql: true.';
  context.log({ level: 'warning', source: 'wand', text });
  for (const other of others) await placed(other, async () => (await execute(client, other.text)).finish());
};

const countRows = async (client: Client, table: TableName): Promise<number | null> => {
  const { rows } = await client.query<{ bytes: string }>('SELECT pg_relation_size($1::regclass) AS bytes', [
    sqlName(table),
  ]);
  if (Number(rows[0]!.bytes) > countedBytes) return null;
  const counted = await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${sqlName(table)}`);
  return Number(counted.rows[0]!.n);
};

/** A table of the database, and as a file too when it is small or when `limit_in_pipeline_run` cuts it. */
const tableOutput = async (
  context: BlockContext,
  client: Client,
  table: TableName,
  rows: number | null,
): Promise<StoredOutput> => {
  const { configuration } = context.task;
  const relation = { profile: String(configuration.data_provider_profile), ...table };
  const limit = resultLimit(configuration);
  const isCut = configuration.limit_in_pipeline_run !== undefined && (rows === null || rows > limit);
  const select = await execute(client, `SELECT * FROM ${sqlName(table)}`.concat(isCut ? ` LIMIT ${limit}` : ''));
  const fields = select.fields ?? [];
  if (fields.length > 0 && (isCut || (rows !== null && rows <= smallTable))) {
    return { ...(await storeResult(context, select, fields, limit)), relation };
  }
  await select.close();
  const columns = fields.map((field) => ({ name: field.name, type: shortTypeName(typeNameOf(field)) }));
  return { name: 'output_0', kind: 'relation', path: null, rows, columns, bytes: null, relation };
};
