import { stat } from 'node:fs/promises';
import type { CellValue, Column, Page, PageRequest, StoredOutput } from '../model/output.ts';
import { messageOf, WandError } from '../problem/wand-error.ts';
import { cellOf, cellSelect } from './cells.ts';
import { shortTypeName } from './column-types.ts';
import { type DuckDb, duckIdentifier, openDuckDb, textLiteral } from './duckdb.ts';

/**
 * A page of rows of a stored output: Parquet, JSON (a list of objects is a table, anything else one cell) or a pickle's placeholder.
 * A relation is not read here: it lives in the data database. `where` is a condition in DuckDB's SQL and sees this file only.
 * Throws WandError for a lost file, an unknown column and a condition that does not parse.
 */
export const previewOutput = async (
  output: StoredOutput,
  request: PageRequest,
  signal?: AbortSignal,
): Promise<Page> => {
  if (output.kind === 'pickle') return placeholder('a Python object, kept as pickle');
  if (output.kind === 'relation' && output.path === null) throw notHere(output);
  const path = output.path ?? '';
  await requireFile(output.name, path);
  if (output.kind === 'json') {
    const { jsonTable } = await import('./json-table.ts');
    const table = jsonTable(path);
    if ('page' in table) return partOf(table.page, request);
    return await pageOf(path, table.source, request, signal);
  }
  return await pageOf(path, parquetSource(path), request, signal);
};

const parquetSource = (path: string): string => `read_parquet(${textLiteral(path)}, file_row_number = true)`;

const pageOf = async (
  path: string,
  source: string,
  request: PageRequest,
  signal: AbortSignal | undefined,
): Promise<Page> => {
  // A cap: pages of the 1.37 M-row month take 9 ms and keep the process at 130 MB (a sort of it 153 MB), but a row group of
  // 30 columns of different texts did not fit 100 MB.
  const duckdb = await openDuckDb({
    memoryLimit: '300MB',
    threads: 1,
    onlyFiles: [path],
    temporaryFolder: 'own',
  });
  const stop = (): void => duckdb.connection.interrupt();
  signal?.addEventListener('abort', stop);
  try {
    signal?.throwIfAborted();
    return await readPage(duckdb, source, request);
  } finally {
    signal?.removeEventListener('abort', stop);
    duckdb.close();
  }
};

/** Documents that are no table are held whole; the part asked for is cut out here. */
const partOf = (page: Page, { offset, limit, columns }: PageRequest): Page => ({
  ...page,
  rows: page.rows
    .slice(offset, offset + limit)
    .map((row) => (columns ? row.slice(columns.from, columns.from + columns.count) : row)),
  ...(columns ? { from: columns.from } : {}),
});

type Shape = { columns: Column[]; select: string; positioned: boolean };

const readPage = async (duckdb: DuckDb, source: string, request: PageRequest): Promise<Page> => {
  const shape = await shapeOf(duckdb, source, request);
  const where = request.where?.trim() ? `WHERE (${await checkedCondition(duckdb, source, request.where)}\n)` : '';
  const rowCount = Number(
    (await duckdb.connection.runAndReadAll(`SELECT count(*) FROM ${source} ${where}`)).getRows()[0]![0],
  );
  const from = request.columns ? { from: request.columns.from } : {};
  if (shape.columns.length === 0) return { columns: [], rows: [], rowCount, estimated: false };
  const offset = Math.max(0, Math.trunc(request.offset));
  const limit = Math.max(0, Math.trunc(request.limit));
  const sort = request.sort ? orderBy(shape, request.sort) : '';
  const page = `LIMIT ${limit} OFFSET ${offset}`;
  const query =
    sort && shape.positioned
      ? await bySortedPositions(duckdb, shape, source, `${where} ${sort} ${page}`)
      : !where && shape.positioned
        ? // By row number DuckDB skips whole row groups, and the order is the file's.
          `SELECT ${shape.select} FROM ${source} WHERE file_row_number >= ${offset} AND file_row_number < ${offset + limit} ORDER BY file_row_number`
        : `SELECT ${shape.select} FROM ${source} ${where} ${sort} ${page}`;
  const rows: CellValue[][] = [];
  for await (const chunk of await duckdb.connection.stream(query)) {
    for (const row of chunk.getRows()) rows.push(row.map(cellOf));
  }
  return { columns: shape.columns, rows, rowCount, estimated: false, ...from };
};

/** Sorts the positions and not the rows: a sort of 18 columns up to the last page of 1.34 M rows did not fit 100 MB. */
const bySortedPositions = async (duckdb: DuckDb, shape: Shape, source: string, tail: string): Promise<string> => {
  const answer = await duckdb.connection.runAndReadAll(`SELECT file_row_number FROM ${source} ${tail}`);
  const positions = answer.getRows().map(([position]) => String(position));
  if (positions.length === 0) return `SELECT ${shape.select} FROM ${source} LIMIT 0`;
  const list = positions.join(', ');
  return `SELECT ${shape.select} FROM ${source} WHERE file_row_number IN (${list}) ORDER BY list_position([${list}], file_row_number)`;
};

/** Columns in file order; a pandas index without a name of its own is storage, not data. */
const shapeOf = async (
  duckdb: DuckDb,
  source: string,
  { columns, cut }: Pick<PageRequest, 'columns' | 'cut'>,
): Promise<Shape> => {
  const result = await duckdb.connection.run(`SELECT * FROM ${source} LIMIT 0`);
  const names = result.columnNames();
  const types = result.columnTypes();
  const shown = names.map((name, at) => ({ name, type: types[at]! })).filter(({ name }) => !hiddenColumn.test(name));
  return {
    columns: shown.map(({ name, type }) => ({ name, type: shortTypeName(type) })),
    select:
      (columns ? shown.slice(columns.from, columns.from + columns.count) : shown)
        .map(({ name, type }) => cellSelect(name, type, cut))
        .join(', ') || 'NULL',
    positioned: names.includes('file_row_number'),
  };
};

const hiddenColumn = /^(__index_level_\d+__|file_row_number)$/;

const orderBy = (shape: Shape, sort: { column: string; descending: boolean }): string => {
  if (!shape.columns.some(({ name }) => name === sort.column)) {
    const names = shape.columns.map(({ name }) => name).join(', ');
    throw new WandError('unknown-column', `no column ${sort.column} to sort by`, { fix: `take one of: ${names}` });
  }
  const position = shape.positioned ? ', file_row_number' : '';
  return `ORDER BY ${duckIdentifier(sort.column)} ${sort.descending ? 'DESC' : 'ASC'} NULLS LAST${position}`;
};

/** Accepts one condition. The database it runs in holds no data of its own and can read this one file. */
const checkedCondition = async (duckdb: DuckDb, source: string, where: string): Promise<string> => {
  try {
    const statements = await duckdb.connection.extractStatements(`SELECT 1 FROM ${source} WHERE (${where}\n)`);
    if (statements.count !== 1) throw new Error('more than one statement');
    await duckdb.connection.run(`SELECT 1 FROM ${source} WHERE (${where}\n) LIMIT 0`);
    return where;
  } catch (problem) {
    throw new WandError('bad-condition', `where ${where}: ${messageOf(problem).split('\n')[0]}`, {
      fix: `write a condition such as: trip_distance > 10 and payment_type = 1`,
      cause: problem,
    });
  }
};

const requireFile = async (name: string, path: string): Promise<void> => {
  try {
    await stat(path);
  } catch (problem) {
    throw new WandError('output-lost', `${name} is not there any more: ${path}`, {
      fix: 'run the block again; its rows were removed from this machine',
      cause: problem,
    });
  }
};

const notHere = (output: StoredOutput): WandError => {
  const { schema, table } = output.relation ?? { schema: '', table: '' };
  return new WandError('output-is-relation', `${output.name} is the table ${schema}.${table}, not a file`, {
    fix: `read it with: wand preview ${schema}.${table}`,
  });
};

const placeholder = (text: string): Page => ({
  columns: [{ name: 'value', type: 'object' }],
  rows: [[text]],
  rowCount: 1,
  estimated: false,
});
