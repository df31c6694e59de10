import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileStamp } from '../home/file-stamp.ts';
import type { StoredOutput } from '../model/output.ts';
import { messageOf, WandError } from '../problem/wand-error.ts';
import { copyToParquet, parquetFacts } from './copy-to-parquet.ts';
import { textLiteral } from './duckdb.ts';
import { withFiles } from './rows-of.ts';

/** A CSV (also gzipped), Parquet or JSON file as the output of a block: tables as Parquet in `folder`, made once. Throws WandError. */
export const fileAsOutput = async (file: string, folder: string): Promise<StoredOutput> => {
  if (!existsSync(file)) {
    throw new WandError('input-missing', `${file} does not exist`, { fix: 'name a CSV, Parquet or JSON file' });
  }
  const [, kind] = /\.(csv|csv\.gz|tsv|parquet|json)$/i.exec(file) ?? [];
  if (kind === undefined) {
    throw new WandError('input-kind', `${file}: an input is a .csv, .csv.gz, .tsv, .parquet or .json file`);
  }
  if (kind.toLowerCase() === 'json')
    return { name: 'output_0', kind: 'json', path: file, rows: null, columns: null, bytes: null };
  try {
    if (kind.toLowerCase() === 'parquet')
      return await withFiles([file], async (duckdb) => ({ ...table(file), ...(await parquetFacts(duckdb, file)) }));
    const name = createHash('sha256')
      .update(`${file} ${fileStamp(file)}`)
      .digest('hex')
      .slice(0, 32);
    const path = join(folder, `${name}.parquet`);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (existsSync(path)) {
      // What is used is not swept away (retention).
      utimesSync(path, new Date(), new Date());
      return await withFiles([path], async (duckdb) => ({ ...table(path), ...(await parquetFacts(duckdb, path)) }));
    }
    // DuckDB writes beside the file first.
    return await withFiles([file, path, join(folder, `tmp_${name}.parquet`)], async (duckdb) => ({
      ...table(path),
      ...(await copyToParquet(duckdb, `SELECT * FROM read_csv(${textLiteral(file)})`, path)),
    }));
  } catch (error) {
    throw new WandError('input-unreadable', `${file} cannot be read as a table: ${messageOf(error)}`, { file });
  }
};

const table = (path: string): Pick<StoredOutput, 'name' | 'kind' | 'path'> => ({
  name: 'output_0',
  kind: 'table',
  path,
});
