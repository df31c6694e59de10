import { join } from 'node:path';
import { copyToParquet } from '../../data/copy-to-parquet.ts';
import type { StoredOutput } from '../../model/output.ts';
import type { Exportable } from '../../sdk/export-table.ts';
import { compileQuery } from './compile-sql.ts';
import { say } from './events.ts';
import type { Workshop } from './execute-task.ts';
import { queryProblem } from './query-problems.ts';

/** Runs a query, a file or an input into `<name>.parquet` of the output folder. */
export const storeTable = async (workshop: Workshop, name: string, table: Exportable): Promise<StoredOutput> => {
  const path = join(workshop.task.outputFolder, `${name}.parquet`);
  const stored = await tableToParquet(workshop, table, path);
  return { name, kind: 'table', path, ...stored };
};

/** The same into any path; Parquet's rows, columns and size. */
export const tableToParquet = async (
  workshop: Workshop,
  table: Exportable,
  path: string,
): Promise<Pick<StoredOutput, 'rows' | 'columns' | 'bytes'>> => {
  const started = performance.now();
  try {
    const query = await compileQuery(workshop, table);
    const stored = await copyToParquet(await workshop.duckdb(), query, path);
    say(`stored ${stored.rows?.toLocaleString('en-US')} rows in ${Math.round(performance.now() - started)} ms`);
    return stored;
  } catch (problem) {
    throw queryProblem(workshop, problem, 'origin' in table ? table.origin : '');
  }
};
