import { type DuckDb, duckIdentifier, textLiteral } from './duckdb.ts';

export type PostgresColumn = {
  name: string;
  /** As `format_type` writes it: `integer`, `numeric(8,2)`, `timestamp with time zone`, `text[]`. */
  type: string;
};

/**
 * A DuckDB expression that turns a column of Postgres' texts into a typed one. `numeric` without a size becomes the decimal that
 * holds its values (a double if it holds NaN or more than 38 digits), arrays (as JSON text) lists, json and what DuckDB has no type for text.
 */
export const typedColumn = async (duckdb: DuckDb, source: string, { name, type }: PostgresColumn): Promise<string> => {
  const column = duckIdentifier(name);
  return `${await expression(duckdb, source, column, type)} AS ${column}`;
};

const expression = async (duckdb: DuckDb, source: string, column: string, type: string): Promise<string> => {
  if (type.endsWith('[]')) return listExpression(column, type.slice(0, -2));
  if (/^(numeric|decimal)/.test(type)) return `CAST(${column} AS ${await decimalType(duckdb, source, column)})`;
  if (type === 'bytea') return `unhex(substr(${column}, 3))`;
  const duck = duckTypes[baseName(type)];
  if (duck === undefined) return column;
  // Postgres writes years before our era as "44-03-15 BC", DuckDB with parentheses.
  const text = /^(DATE|TIMESTAMP)/.test(duck) ? `replace(${column}, ' BC', ' (BC)')` : column;
  return `CAST(${text} AS ${duck})`;
};

/** `timestamp(3) without time zone` -> `timestamp without time zone`. */
const baseName = (type: string): string => type.replace(/\(\d+(,-?\d+)?\)/, '');

const duckTypes: Record<string, string> = {
  smallint: 'SMALLINT',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  oid: 'BIGINT',
  real: 'FLOAT',
  'double precision': 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  'timestamp without time zone': 'TIMESTAMP',
  timestamptz: 'TIMESTAMPTZ',
  'timestamp with time zone': 'TIMESTAMPTZ',
  time: 'TIME',
  'time without time zone': 'TIME',
};

const listExpression = (column: string, item: string): string => {
  const duck = duckTypes[baseName(item)];
  if (duck === undefined) return `from_json(${column}, '["VARCHAR"]')`;
  return `CAST(from_json(${column}, '["VARCHAR"]') AS ${duck}[])`;
};

const mostDigits = 38;

const decimalType = async (duckdb: DuckDb, source: string, column: string): Promise<string> => {
  const [row] = (
    await duckdb.connection.runAndReadAll(`
      SELECT max(length(ltrim(split_part(ltrim(${column}, '-'), '.', 1), '0'))), max(length(split_part(${column}, '.', 2))),
        bool_or(${column} IN (${['NaN', 'Infinity', '-Infinity'].map(textLiteral).join(', ')}))
      FROM ${source}`)
  ).getRows();
  const [whole, scale, odd] = row!;
  const digits = Number(whole ?? 0) + Number(scale ?? 0);
  if (whole === null || odd === true || digits > mostDigits) return 'DOUBLE';
  return `DECIMAL(${Math.max(18, digits)}, ${Number(scale)})`;
};
