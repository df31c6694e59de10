import { rm } from 'node:fs/promises';
import type { Column } from '../model/output.ts';
import { appendChunk } from './append-chunk.ts';
import { copyToParquet } from './copy-to-parquet.ts';
import { duckIdentifier, openDuckDb } from './duckdb.ts';
import { parseArrayLiteral } from './parse-array.ts';
import { type PostgresColumn, typedColumn } from './postgres-columns.ts';
import { smallRows, writeSmallParquet } from './small-parquet.ts';

/**
 * Writes rows to a Parquet file with the given Postgres types. Values are as Postgres prints them (text), or JavaScript's own
 * numbers, booleans, Dates and objects, which are turned into that; null is NULL. In flat memory: DuckDB spills beside the file.
 */
export const writeTable = async (
  path: string,
  columns: PostgresColumn[],
  batches: AsyncIterable<unknown[][]>,
): Promise<{ rows: number; columns: Column[]; bytes: number }> => {
  const texts = columns.map(({ type }) => (type.endsWith('[]') ? arrayText : plainText));
  const { first, all } = await firstRows(batches, smallRows);
  const isSmall = first.length <= smallRows;
  const small = isSmall
    ? writeSmallParquet(
        path,
        columns,
        first.map((row) => texts.map((text, at) => text(row[at]))),
      )
    : null;
  return small ?? writeLargeTable(path, columns, all);
};

/** The first rows, more than `enough` if there are more, and all batches with them. */
const firstRows = async (
  batches: AsyncIterable<unknown[][]>,
  enough: number,
): Promise<{ first: unknown[][]; all: AsyncIterable<unknown[][]> }> => {
  const iterator = batches[Symbol.asyncIterator]();
  const first: unknown[][] = [];
  while (first.length <= enough) {
    const next = await iterator.next();
    if (next.done) break;
    for (const row of next.value) first.push(row);
  }
  const all = async function* (): AsyncGenerator<unknown[][]> {
    try {
      yield first;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  };
  return { first, all: all() };
};

/** Through DuckDB, which knows all types and spills beside the file. */
export const writeLargeTable = async (
  path: string,
  columns: PostgresColumn[],
  batches: AsyncIterable<unknown[][]>,
): Promise<{ rows: number; columns: Column[]; bytes: number }> => {
  const spill = `${path}.spill`;
  const duckdb = await openDuckDb({ temporaryFolder: spill });
  try {
    const list = columns.map(({ name }) => `${duckIdentifier(name)} VARCHAR`).join(', ');
    await duckdb.connection.run(`CREATE TABLE incoming (${list})`);
    const texts = columns.map(({ type }) => (type.endsWith('[]') ? arrayText : plainText));
    for await (const batch of batches) {
      for (let start = 0; start < batch.length; start += 2_048) {
        const rows = batch.slice(start, start + 2_048);
        await appendChunk(
          duckdb,
          'incoming',
          columns.map((_, at) => rows.map((row) => texts[at]!(row[at]))),
        );
      }
    }
    const selected: string[] = [];
    for (const column of columns) selected.push(await typedColumn(duckdb, 'incoming', column));
    const stored = await copyToParquet(duckdb, `SELECT ${selected.join(', ')} FROM incoming`, path);
    return { rows: stored.rows ?? 0, columns: stored.columns ?? [], bytes: stored.bytes ?? 0 };
  } finally {
    duckdb.close();
    await rm(spill, { recursive: true, force: true });
  }
};

const plainText = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const arrayText = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  return JSON.stringify(Array.isArray(value) ? value : parseArrayLiteral(String(value)));
};
