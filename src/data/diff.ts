import type { OutputDiff } from '../model/diff.ts';
import type { CellValue, Column, StoredOutput } from '../model/output.ts';
import { WandError } from '../problem/wand-error.ts';
import { cellOf, cellSelect } from './cells.ts';
import { type DuckDb, duckIdentifier } from './duckdb.ts';
import { columnsOf, outputSource, withFiles } from './rows-of.ts';

/** Rows of each kind that are shown. */
const shownRows = 20;
/** A key is looked for among so many columns; a column that is none costs one pass over it. */
const triedColumns = 12;

type Side = { source: string; columns: Column[] };

/**
 * What differs between two outputs. Rows are matched by the columns of `key`, else by a column that is unique and without NULL on
 * both sides (one named like an id first), else compared as a multiset. In DuckDB with 300 MB, which spills: flat memory.
 * Throws WandErrors of outputSource, `unknown-column` and `key-not-unique`.
 */
export const diffOutputs = async (
  left: StoredOutput,
  right: StoredOutput,
  options: { key?: readonly string[] } = {},
): Promise<OutputDiff> => {
  const [one, other] = [await outputSource(left), await outputSource(right)];
  return withFiles([one.path, other.path], async (duckdb) => {
    const sides = [
      { source: one.source, columns: await columnsOf(duckdb, one.source) },
      { source: other.source, columns: await columnsOf(duckdb, other.source) },
    ] as const;
    return compare(duckdb, ...sides, options.key ?? []);
  });
};

const compare = async (duckdb: DuckDb, left: Side, right: Side, wanted: readonly string[]): Promise<OutputDiff> => {
  const schema = schemaChanges(left, right);
  const common = left.columns
    .filter(({ name, type }) => right.columns.some((column) => column.name === name && column.type === type))
    .map(({ name }) => name);
  const [leftRows, rightRows] = [await countOf(duckdb, left.source), await countOf(duckdb, right.source)];
  const key =
    wanted.length > 0
      ? await chosenKey(duckdb, left, right, common, wanted)
      : await uniqueKey(duckdb, left, right, common, leftRows, rightRows);
  const columns = common.map((name) => left.columns.find((column) => column.name === name)!);
  const base = { leftRows, rightRows, schema, columns };
  if (common.length === 0) {
    const none = {
      key: null,
      changed: 0,
      same: 0,
      changedColumns: [],
      samples: { added: [], removed: [], changed: [] },
    };
    return { ...base, ...none, added: rightRows, removed: leftRows };
  }
  const part = key ? await byKey(duckdb, left, right, key, columns) : await asMultiset(duckdb, left, right, columns);
  return { ...base, key, ...part, same: leftRows - part.removed - part.changed };
};

const schemaChanges = (left: Side, right: Side): OutputDiff['schema'] => {
  const names = [...new Set([...left.columns, ...right.columns].map(({ name }) => name))];
  const typeIn = (side: Side, name: string) => side.columns.find((column) => column.name === name)?.type ?? null;
  return names
    .map((column) => ({ column, left: typeIn(left, column), right: typeIn(right, column) }))
    .filter((change) => change.left !== change.right);
};

const numberOf = async (duckdb: DuckDb, sql: string): Promise<number> =>
  Number((await duckdb.connection.runAndReadAll(sql)).getRows()[0]![0]);

const countOf = (duckdb: DuckDb, source: string): Promise<number> => numberOf(duckdb, `SELECT count(*) FROM ${source}`);

const chosenKey = async (
  duckdb: DuckDb,
  left: Side,
  right: Side,
  common: string[],
  wanted: readonly string[],
): Promise<string[]> => {
  const missing = wanted.find((name) => !common.includes(name));
  if (missing !== undefined) {
    throw new WandError('unknown-column', `${missing} is not a column of both with the same type`, {
      fix: `take one of: ${common.join(', ')}`,
    });
  }
  const list = wanted.map(duckIdentifier).join(', ');
  for (const { source } of [left, right]) {
    const doubled = await numberOf(
      duckdb,
      `SELECT count(*) FROM (SELECT 1 FROM ${source} GROUP BY ${list} HAVING count(*) > 1)`,
    );
    if (doubled > 0) {
      throw new WandError('key-not-unique', `${doubled} values of ${wanted.join(', ')} stand in several rows`, {
        fix: 'add columns to the key until it names one row, or compare without a key',
      });
    }
  }
  return [...wanted];
};

const uniqueKey = async (
  duckdb: DuckDb,
  left: Side,
  right: Side,
  common: string[],
  leftRows: number,
  rightRows: number,
): Promise<string[] | null> => {
  const keyTypes = /^(u?int\d+|text|uuid|date|timestamp.*|decimal.*)$/;
  const candidates = common
    .filter((name) => keyTypes.test(left.columns.find((column) => column.name === name)!.type))
    .sort((a, b) => Number(likeId.test(b)) - Number(likeId.test(a)))
    .slice(0, triedColumns);
  for (const name of candidates) {
    const column = duckIdentifier(name);
    let unique = true;
    for (const [side, rows] of [
      [left, leftRows],
      [right, rightRows],
    ] as const) {
      // The estimate is within 2 % or so and costs no memory: most columns are out by it.
      unique &&= (await numberOf(duckdb, `SELECT approx_count_distinct(${column}) FROM ${side.source}`)) >= rows * 0.8;
      unique &&= (await numberOf(duckdb, `SELECT count(DISTINCT ${column}) FROM ${side.source}`)) === rows;
    }
    if (unique) return [name];
  }
  return null;
};

const likeId = /(^|_)(id|key|uuid|code)$|id$/i;

type Part = Pick<OutputDiff, 'added' | 'removed' | 'changed' | 'changedColumns' | 'samples'>;

const byKey = async (
  duckdb: DuckDb,
  left: Side,
  right: Side,
  key: readonly string[],
  columns: Side['columns'],
): Promise<Part> => {
  const match = (one: string, other: string): string =>
    key
      .map((name) => `${one}.${duckIdentifier(name)} IS NOT DISTINCT FROM ${other}.${duckIdentifier(name)}`)
      .join(' AND ');
  const order = (side: string): string => key.map((name) => `${side}.${duckIdentifier(name)}`).join(', ');
  const named = columns.filter(({ name }) => !key.includes(name));
  const differs = named.map(({ name }) => `l.${duckIdentifier(name)} IS DISTINCT FROM r.${duckIdentifier(name)}`);
  const any = differs.length > 0 ? `(${differs.join(' OR ')})` : 'false';
  const joined = `${left.source} l JOIN ${right.source} r ON ${match('l', 'r')}`;
  const counted = await duckdb.connection.runAndReadAll(
    `SELECT count(*) FILTER (WHERE ${any})${differs.map((one) => `, count(*) FILTER (WHERE ${one})`).join('')} FROM ${joined}`,
  );
  const [changed = 0, ...perColumn] = counted.getRows()[0]!.map(Number);
  const missing = (from: Side, other: Side) =>
    `${from.source} a WHERE NOT EXISTS (FROM ${other.source} b WHERE ${match('b', 'a')})`;
  const sample = (from: Side, other: Side) =>
    rowsOf(duckdb, columns, `SELECT a.* FROM ${missing(from, other)} ORDER BY ${order('a')} LIMIT ${shownRows}`);
  const changedTail = `FROM ${joined} WHERE ${any} ORDER BY ${order('l')} LIMIT ${shownRows}`;
  return {
    added: await numberOf(duckdb, `SELECT count(*) FROM ${missing(right, left)}`),
    removed: await numberOf(duckdb, `SELECT count(*) FROM ${missing(left, right)}`),
    changed,
    changedColumns: named
      .map(({ name: column }, at) => ({ column, rows: perColumn[at] ?? 0 }))
      .filter(({ rows }) => rows > 0)
      .sort((a, b) => b.rows - a.rows),
    samples: {
      added: await sample(right, left),
      removed: await sample(left, right),
      changed: changed > 0 ? await changedRows(duckdb, columns, changedTail) : [],
    },
  };
};

const changedRows = async (
  duckdb: DuckDb,
  columns: Side['columns'],
  tail: string,
): Promise<OutputDiff['samples']['changed']> => {
  const left = await rowsOf(duckdb, columns, `SELECT l.* ${tail}`);
  const right = await rowsOf(duckdb, columns, `SELECT r.* ${tail}`);
  return left.map((row, at) => ({ left: row, right: right[at]! }));
};

/** Without a key a row is the same if all its values are; two equal rows are two. */
const asMultiset = async (duckdb: DuckDb, left: Side, right: Side, columns: Side['columns']): Promise<Part> => {
  const list = columns.map(({ name }) => duckIdentifier(name)).join(', ');
  // One hash per row in place of the row: 1.3 M rows of 18 columns would not fit.
  const hashes = ({ source }: Side, sign: 1 | -1) => `SELECT hash(${list}) AS h, ${sign} AS n FROM ${source}`;
  await duckdb.connection.run(
    `CREATE TEMP TABLE balance AS SELECT h, sum(n)::BIGINT AS n FROM (${hashes(right, 1)} UNION ALL ${hashes(left, -1)}) GROUP BY h HAVING sum(n) <> 0`,
  );
  const sample = ({ source }: Side, sign: string): Promise<CellValue[][]> =>
    rowsOf(
      duckdb,
      columns,
      // Of equal rows only as many as the other side has not.
      `SELECT a.* EXCLUDE (place_of, hash_of) FROM (
         SELECT *, hash(${list}) AS hash_of, row_number() OVER (PARTITION BY hash(${list})) AS place_of
           FROM ${source} WHERE hash(${list}) IN (SELECT h FROM balance WHERE n ${sign} 0)
       ) a JOIN balance b ON b.h = a.hash_of AND a.place_of <= abs(b.n) LIMIT ${shownRows}`,
    );
  return {
    added: await numberOf(duckdb, 'SELECT coalesce(sum(n), 0) FROM balance WHERE n > 0'),
    removed: await numberOf(duckdb, 'SELECT coalesce(-sum(n), 0) FROM balance WHERE n < 0'),
    changed: 0,
    changedColumns: [],
    samples: { added: await sample(right, '>'), removed: await sample(left, '<'), changed: [] },
  };
};

const rowsOf = async (duckdb: DuckDb, columns: Side['columns'], query: string): Promise<CellValue[][]> => {
  const shape = await duckdb.connection.run(`SELECT * FROM (${query}) LIMIT 0`);
  const types = new Map(shape.columnNames().map((name, at) => [name, shape.columnTypes()[at]!]));
  const select = columns.map(({ name }) => cellSelect(name, types.get(name)!, 500)).join(', ');
  const answer = await duckdb.connection.runAndReadAll(`SELECT ${select} FROM (${query})`);
  return answer.getRows().map((row) => row.map(cellOf));
};
