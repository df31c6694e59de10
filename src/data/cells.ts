import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { CellValue } from '../model/output.ts';
import { duckIdentifier } from './duckdb.ts';

/** How a column is selected for a page: numbers, booleans and text as they are, all else as DuckDB writes it. */
export const cellSelect = (name: string, type: DuckDBType, cut?: number): string => {
  const column = duckIdentifier(name);
  const kind = type.toString();
  if (
    cut !== undefined &&
    !/^(BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL(\(.*\))?|DATE|TIME|TIMESTAMP(_[A-Z]+)?|UUID)( WITH TIME ZONE)?$/.test(
      kind,
    )
  ) {
    return `left((${wholeCell(column, kind)})::VARCHAR, ${Math.trunc(cut)}) AS ${column}`;
  }
  if (plain.test(kind)) return column;
  return `${wholeCell(column, kind)} AS ${column}`;
};

const wholeCell = (column: string, kind: string): string => {
  if (kind === 'BLOB') return `'\\x' || lower(hex(${column}))`;
  if (/^(STRUCT|MAP|UNION)/.test(kind) || /\[\d*\]$/.test(kind)) return `to_json(${column})::VARCHAR`;
  return `${column}::VARCHAR`;
};

const plain = /^(BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|VARCHAR)$/;

/** A value of a selected cell; integers that a double cannot hold and numbers that are none become text. */
export const cellOf = (value: DuckDBValue): CellValue => {
  switch (typeof value) {
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'string':
    case 'boolean':
      return value;
    default:
      return value === null ? null : String(value);
  }
};
