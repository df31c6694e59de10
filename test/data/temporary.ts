import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openDuckDb, textLiteral } from '../../src/data/duckdb.ts';
import type { StoredOutput } from '../../src/model/output.ts';

/** A folder of this test file, removed at its end. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'wand-data-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** Writes a query's rows as Parquet, by DuckDB directly and not by the code under test. */
export const parquetOf = async (query: string, path: string, options = ''): Promise<StoredOutput> => {
  const duckdb = await openDuckDb();
  try {
    await duckdb.connection.run(`COPY (${query}) TO ${textLiteral(path)} (FORMAT parquet${options})`);
  } finally {
    duckdb.close();
  }
  return { name: 'output_0', kind: 'table', path, rows: null, columns: null, bytes: null };
};
