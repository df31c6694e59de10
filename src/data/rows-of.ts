import { stat } from 'node:fs/promises';
import type { Column, StoredOutput } from '../model/output.ts';
import { WandError } from '../problem/wand-error.ts';
import { shortTypeName } from './column-types.ts';
import { type DuckDb, openDuckDb, textLiteral } from './duckdb.ts';
import { jsonTable } from './json-table.ts';

/** An output's file as a table expression of DuckDB. Throws WandError where the output is no table of its own. */
export const outputSource = async (output: StoredOutput): Promise<{ path: string; source: string }> => {
  const { path } = output;
  if (output.kind === 'pickle') {
    throw new WandError('output-is-pickle', `${output.name} is a Python object, which only Python can read`);
  }
  if (path === null) {
    const { schema, table } = output.relation ?? { schema: '', table: '' };
    throw new WandError('output-is-relation', `${output.name} is the table ${schema}.${table}, not a file`, {
      fix: 'what the table held at an earlier run is not kept; look at the table itself',
    });
  }
  await stat(path).catch((cause) => {
    throw new WandError('output-lost', `${output.name} is not there any more: ${path}`, {
      fix: 'run the block again; its rows were removed from this machine',
      cause,
    });
  });
  if (output.kind !== 'json') return { path, source: `read_parquet(${textLiteral(path)})` };
  const table = jsonTable(path);
  if ('source' in table) return { path, source: table.source };
  throw new WandError('output-is-no-table', `${output.name} is a JSON document that is no table`, {
    fix: 'wand preview shows it',
  });
};

/** A DuckDB that can read these files and nothing else, with 300 MB and a place to spill. It is closed after `work`. */
export const withFiles = async <T>(paths: string[], work: (duckdb: DuckDb) => Promise<T>): Promise<T> => {
  const duckdb = await openDuckDb({ memoryLimit: '300MB', threads: 2, onlyFiles: paths, temporaryFolder: 'own' });
  try {
    return await work(duckdb);
  } finally {
    duckdb.close();
  }
};

/** Names and short types of a query's columns; a pandas index without a name is left out. */
export const columnsOf = async (duckdb: DuckDb, source: string): Promise<Column[]> => {
  const shape = await duckdb.connection.run(`SELECT * FROM ${source} LIMIT 0`);
  const types = shape.columnTypes();
  return shape
    .columnNames()
    .map((name, at) => ({ name, type: shortTypeName(types[at]!) }))
    .filter(({ name }) => !/^__index_level_\d+__$/.test(name));
};
