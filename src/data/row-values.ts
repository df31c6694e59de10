import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';

/** A cell of a row object: as in a page, but lists and structs are values again and NaN stays a number. */
export const rowValue = (value: DuckDBValue, type: DuckDBType): unknown => {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (typeof value === 'string' && nested.test(type.toString())) return JSON.parse(value);
  return value;
};

const nested = /^(STRUCT|MAP|UNION)|\[\d*\]$/;
