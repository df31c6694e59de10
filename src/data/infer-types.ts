import type { DuckDBType } from '@duckdb/node-api';
import { type DuckDb, duckIdentifier, openDuckDb, textLiteral } from './duckdb.ts';

export type TypedColumn = { name: string; type: string };

export type InferOptions = {
  /** `mage`: double precision, as Mage makes of Decimal columns; `exact`: numeric(p, s). */
  decimals?: 'mage' | 'exact';
};

/**
 * The Postgres type of each column of a Parquet file, as Mage's export finds it (mage-format.md 5.4): the smallest integer type
 * that holds min..max, double precision, boolean, timestamp(tz), date, time, text, bytea, arrays of those, jsonb for dicts.
 * A column without a value: text if it has no type either, else the type's own width. A pandas index without a name is left out.
 */
export const postgresTypesOf = async (path: string, options: InferOptions = {}): Promise<TypedColumn[]> => {
  const duckdb = await openDuckDb({ memoryLimit: '200MB' });
  try {
    return await typesOf(duckdb, `read_parquet(${textLiteral(path)})`, await nullColumns(duckdb, path), options);
  } finally {
    duckdb.close();
  }
};

const typesOf = async (
  duckdb: DuckDb,
  source: string,
  empty: Set<string>,
  options: InferOptions,
): Promise<TypedColumn[]> => {
  const shape = await duckdb.connection.run(`SELECT * FROM ${source} LIMIT 0`);
  const types = shape.columnTypes();
  const columns = shape
    .columnNames()
    .map((name, at) => ({ name, kind: kindOf(types[at]!) }))
    .filter(({ name }) => !/^__index_level_\d+__$/.test(name));
  const ranges = await rangesOf(duckdb, source, columns);
  return columns.map(({ name, kind }) => ({
    name,
    type: empty.has(name) ? 'text' : postgresType(kind, ranges.get(name) ?? null, options),
  }));
};

const kindOf = (type: DuckDBType): string => type.toString();

type Range = { least: bigint; most: bigint };

/** Least and most of the integer columns, also inside lists, in one scan (Parquet's statistics mostly answer it). */
const rangesOf = async (
  duckdb: DuckDb,
  source: string,
  columns: { name: string; kind: string }[],
): Promise<Map<string, Range>> => {
  const integers = columns.filter(({ kind }) => integer.test(kind));
  if (integers.length === 0) return new Map();
  const selected = integers.flatMap(({ name, kind }) => {
    const column = duckIdentifier(name);
    const [least, most] = kind.endsWith('[]') ? [`list_min(${column})`, `list_max(${column})`] : [column, column];
    return [`min(${least})::HUGEINT`, `max(${most})::HUGEINT`];
  });
  const row = (await duckdb.connection.runAndReadAll(`SELECT ${selected.join(', ')} FROM ${source}`)).getRows()[0]!;
  const ranges = new Map<string, Range>();
  integers.forEach(({ name }, at) => {
    const [least, most] = [row[at * 2], row[at * 2 + 1]];
    if (typeof least === 'bigint' && typeof most === 'bigint') ranges.set(name, { least, most });
  });
  return ranges;
};

const integer = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)(\[\])?$/;

const postgresType = (kind: string, range: Range | null, options: InferOptions): string => {
  if (/\[\d*\]$/.test(kind)) return arrayType(kind.replace(/\[\d*\]$/, ''), range);
  if (integer.test(kind)) return range ? integerType(range) : (widthOf[kind] ?? 'bigint');
  if (kind.startsWith('DECIMAL'))
    return options.decimals === 'exact' ? kind.replace('DECIMAL', 'numeric').replace(' ', '') : 'double precision';
  if (kind.startsWith('ENUM')) return 'text';
  if (/^(STRUCT|MAP|UNION)/.test(kind)) return 'jsonb';
  return plainTypes[kind] ?? 'text';
};

/** Lists of lists and of floats are text[], lists of dicts jsonb, as in Mage. */
const arrayType = (item: string, range: Range | null): string => {
  if (integer.test(item) && !item.endsWith(']')) return `${range ? integerType(range) : 'bigint'}[]`;
  if (/^(STRUCT|MAP)/.test(item)) return 'jsonb';
  const plain = plainTypes[item];
  return plain === undefined || plain === 'double precision' ? 'text[]' : `${plain}[]`;
};

const integerType = ({ least, most }: Range): string => {
  if (least >= -32_768n && most <= 32_767n) return 'smallint';
  if (least >= -2_147_483_648n && most <= 2_147_483_647n) return 'integer';
  return least >= -(2n ** 63n) && most < 2n ** 63n ? 'bigint' : 'numeric';
};

const widthOf: Record<string, string> = {
  TINYINT: 'smallint',
  UTINYINT: 'smallint',
  SMALLINT: 'smallint',
  USMALLINT: 'integer',
  INTEGER: 'integer',
};

const plainTypes: Record<string, string> = {
  FLOAT: 'double precision',
  DOUBLE: 'double precision',
  BOOLEAN: 'boolean',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_S: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  DATE: 'date',
  TIME: 'time',
  TIME_NS: 'time',
  VARCHAR: 'text',
  BLOB: 'bytea',
  INTERVAL: 'interval',
  UUID: 'uuid',
  JSON: 'jsonb',
};

/** Columns that pandas wrote without any type: it had seen no value in them. DuckDB reads them as integers. */
const nullColumns = async (duckdb: DuckDb, path: string): Promise<Set<string>> => {
  const { connection } = duckdb;
  const query = `SELECT name FROM parquet_schema(${textLiteral(path)}) WHERE logical_type LIKE '%Null%' AND num_children IS NULL`;
  return new Set((await connection.runAndReadAll(query)).getRows().map(([name]) => String(name)));
};
