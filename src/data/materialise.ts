import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { to } from 'pg-copy-streams';
import type { RelationReference, StoredOutput } from '../model/output.ts';
import { qualifiedName, quoteIdentifier } from '../postgres/identifiers.ts';
import { WandError } from '../problem/wand-error.ts';
import { copyToParquet } from './copy-to-parquet.ts';
import { openDuckDb, textLiteral } from './duckdb.ts';
import { type PostgresColumn, typedColumn } from './postgres-columns.ts';

/**
 * Copies a table or view of Postgres into a Parquet file, so that a block in another process can read it. By COPY into a CSV
 * file beside it, which DuckDB then reads: flat memory. Throws WandError if the table is gone.
 */
export const materialiseRelation = async (
  client: Client,
  relation: RelationReference,
  path: string,
): Promise<StoredOutput> => {
  const columns = await relationColumns(client, relation);
  const copy = `${path}.csv`;
  try {
    await copyOut(client, relation, columns, copy);
    return { name: 'output_0', kind: 'table', path, relation, ...(await csvToParquet(columns, copy, path)) };
  } finally {
    await rm(copy, { force: true });
  }
};

const relationColumns = async (client: Client, relation: RelationReference): Promise<PostgresColumn[]> => {
  const { rows } = await client.query<PostgresColumn>(
    `SELECT a.attname::text AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type
     FROM pg_catalog.pg_attribute a
     JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped
     ORDER BY a.attnum`,
    [relation.schema, relation.table],
  );
  if (rows.length > 0) return rows;
  throw new WandError(
    'relation-missing',
    `the table ${relation.schema}.${relation.table} is not there any more, or has no columns`,
    {
      fix: 'run the block that makes it again',
    },
  );
};

const nullMark = '\\N';

const copyOut = async (
  client: Client,
  relation: RelationReference,
  columns: PostgresColumn[],
  path: string,
): Promise<void> => {
  const selected = columns.map(({ name, type }) => {
    const column = quoteIdentifier(name);
    return type.endsWith('[]') ? `array_to_json(${column})::text` : column;
  });
  await client.query(
    `SET datestyle = 'ISO'; SET intervalstyle = 'postgres'; SET bytea_output = 'hex'; SET extra_float_digits = 1`,
  );
  const query = `COPY (SELECT ${selected.join(', ')} FROM ${qualifiedName(relation)}) TO STDOUT (FORMAT csv, NULL '${nullMark}')`;
  await pipeline(client.query(to(query)), createWriteStream(path, { mode: 0o600 }));
};

const csvToParquet = async (
  columns: PostgresColumn[],
  csv: string,
  path: string,
): Promise<Pick<StoredOutput, 'rows' | 'columns' | 'bytes'>> => {
  const duckdb = await openDuckDb({ temporaryFolder: `${path}.spill` });
  try {
    const texts = columns.map(({ name }) => `${textLiteral(name)}: 'VARCHAR'`).join(', ');
    const source = `read_csv(${textLiteral(csv)}, columns = {${texts}}, header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', nullstr = ${textLiteral(nullMark)}, allow_quoted_nulls = false, max_line_size = 16000000, buffer_size = 32000000)`;
    const selected: string[] = [];
    for (const column of columns) selected.push(await typedColumn(duckdb, source, column));
    return await copyToParquet(duckdb, `SELECT ${selected.join(', ')} FROM ${source}`, path);
  } finally {
    duckdb.close();
    await rm(`${path}.spill`, { recursive: true, force: true });
  }
};
