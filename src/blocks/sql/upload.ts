import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import type { BlockContext } from '../../model/block-task.ts';
import type { StoredOutput } from '../../model/output.ts';
import { connectClient } from '../../postgres/connect.ts';
import { quoteIdentifier } from '../../postgres/identifiers.ts';
import { WandError } from '../../problem/wand-error.ts';
import { uploadedNames } from './column-names.ts';
import { lockName, tableExists } from './ensure-schema.ts';
import { plainName, sqlName } from './table-names.ts';
import type { Upstream } from './upstreams.ts';

export type Upload = Extract<Upstream, { kind: 'upload' }>;

/**
 * Uploads what the text refers to and is no table yet (mage-format.md 4.3, step 2), in the block's transaction: the table
 * is dropped and made again. In the order of their names, so that two blocks with the same upstreams do not wait for
 * each other in a circle.
 */
export const uploadAll = async (context: BlockContext, client: Client, upstreams: Upstream[]): Promise<void> => {
  const uploads = upstreams.filter(isUpload);
  const sorted = uploads.toSorted((a, b) => (plainName(a.table) < plainName(b.table) ? -1 : 1));
  for (const upload of sorted) await uploadOne(context, client, upload);
};

/** Schemas that the uploads go into; they must be there (`ensureSchema`). */
export const uploadSchemas = (upstreams: Upstream[]): string[] =>
  upstreams.filter(isUpload).map(({ table }) => table.schema);

const isUpload = (upstream: Upstream): upstream is Upload => upstream.kind === 'upload';

const uploadOne = async (context: BlockContext, client: Client, upload: Upload): Promise<void> => {
  const { table, input } = upload;
  const name = plainName(table);
  const begun = performance.now();
  const say = (level: 'info' | 'warning', text: string): void => context.log({ level, source: 'wand', text });
  const path = upload.output ? await parquetOf(context, upload.output, input.block) : null;
  if (path === null) {
    const old = await tableExists(client, table);
    say(
      old ? 'warning' : 'info',
      `No data in upstream block ${input.block}${old ? `; ${name} is left as it was` : ''}`,
    );
    return;
  }
  const { postgresTypesOf } = await import('../../data/infer-types.ts');
  const { copyParquetToPostgres } = await import('../../data/copy-to-postgres.ts');
  const types = await postgresTypesOf(path);
  const names = uploadedNames(
    types.map((column) => column.name),
    input.block,
  );
  const columns = names.map((column, index) => `${quoteIdentifier(column)} ${types[index]!.type}`);
  const pairs = names.map((target, index) => ({ source: types[index]!.name, target }));
  await lockName(client, `upload ${name}`);
  if (await tableExists(client, table)) await client.query(`DROP TABLE ${sqlName(table)}`);
  await client.query(`CREATE TABLE ${sqlName(table)} (${columns.join(', ')})`);
  const rows = await copyParquetToPostgres(client, { path, ...table, columns: pairs });
  if (rows === 0) say('info', `No data in upstream block ${input.block}`);
  say('info', `uploaded ${input.block} to ${name} (${rows} ${rows === 1 ? 'row' : 'rows'}, ${elapsed(begun)})`);
};

export const elapsed = (begun: number): string => {
  const ms = performance.now() - begun;
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
};

/** The output as a Parquet file; null if it holds no columns at all, such as None or an empty list. */
const parquetOf = async (context: BlockContext, output: StoredOutput, block: string): Promise<string | null> => {
  if (output.kind === 'table') return output.columns?.length === 0 ? null : output.path;
  if (output.kind === 'relation') return (await materialise(context, output)).path;
  if (output.kind === 'json') return jsonAsParquet(context, output, block);
  throw new WandError('not-a-table', `the output of block ${block} is a Python object, which cannot be a table`, {
    fix: `Let block ${block} return a DataFrame or a list of dicts.`,
  });
};

/** A table of a database as a file of this attempt. */
export const materialise = async (context: BlockContext, output: StoredOutput): Promise<StoredOutput> => {
  const { relation, name } = output;
  if (output.kind !== 'relation' || !relation) return output;
  const { materialiseRelation } = await import('../../data/materialise.ts');
  const other = await connectClient(await context.connection(relation.profile), { applicationName: 'wand' });
  try {
    const path = join(
      context.task.outputFolder,
      `upstream-${fileName(`${relation.schema}-${relation.table}-${name}`)}.parquet`,
    );
    return { ...(await materialiseRelation(other, relation, path)), name };
  } finally {
    await other.end().catch(() => undefined);
  }
};

// Names of tables and blocks may hold anything; the digest keeps apart what the rest makes equal.
const fileName = (name: string): string =>
  `${name.replaceAll(/[^\w-]/g, '_').slice(0, 80)}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;

/** A list of dicts is a table, a dict one row, other lists a column `value`. */
const jsonAsParquet = async (context: BlockContext, output: StoredOutput, block: string): Promise<string | null> => {
  const value: unknown = JSON.parse(readFileSync(output.path!, 'utf8'));
  if (value === null || (typeof value === 'object' && Object.keys(value).length === 0)) return null;
  if (typeof value !== 'object') {
    throw new WandError('not-a-table', `the output of block ${block} is one value, which cannot be a table`, {
      fix: `Use {{ block_output('${block}') }} for a value, or let block ${block} return a DataFrame.`,
    });
  }
  const { openDuckDb } = await import('../../data/duckdb.ts');
  const { createFrame } = await import('../../data/frame.ts');
  const path = join(context.task.outputFolder, `upstream-${fileName(`${block}-${output.name}`)}.parquet`);
  const duckdb = await openDuckDb({ onlyFiles: [path] });
  try {
    const frame = createFrame(duckdb);
    await frame.appendRows((Array.isArray(value) ? value : [value]).map(asRow));
    return (await frame.toParquet(path)) ? path : null;
  } finally {
    duckdb.close();
  }
};

const asRow = (item: unknown): Record<string, unknown> =>
  item !== null && typeof item === 'object' && !Array.isArray(item)
    ? (item as Record<string, unknown>)
    : { value: item };
