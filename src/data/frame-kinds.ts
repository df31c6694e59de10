import { DuckDBBlobValue, DuckDBTimestampTZValue, type DuckDBValue } from '@duckdb/node-api';

/** What a column of JavaScript values is held as. `null` has seen no value; `json` is text that is parsed at the end. */
export type FrameKind = 'null' | 'boolean' | 'integer' | 'double' | 'instant' | 'text' | 'bytes' | 'json';

export const frameTypes: Record<FrameKind, string> = {
  null: 'VARCHAR',
  boolean: 'BOOLEAN',
  integer: 'BIGINT',
  double: 'DOUBLE',
  instant: 'TIMESTAMPTZ',
  text: 'VARCHAR',
  bytes: 'BLOB',
  json: 'VARCHAR',
};

export const kindOfValue = (value: unknown): FrameKind => {
  switch (typeof value) {
    case 'boolean':
      return 'boolean';
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? 'integer' : 'double';
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? 'integer' : 'text';
    case 'string':
      return 'text';
    case 'undefined':
      return 'null';
    case 'object':
      if (value === null) return 'null';
      if (value instanceof Date) return 'instant';
      return value instanceof Uint8Array ? 'bytes' : 'json';
    default:
      return 'text';
  }
};

/** The kind that holds both: numbers widen to double, objects take everything, the rest becomes text. */
export const widened = (before: FrameKind, found: FrameKind): FrameKind => {
  if (before === found || found === 'null') return before;
  if (before === 'null') return found;
  if (before === 'json' || found === 'json') return 'json';
  const numbers = (kind: FrameKind): boolean => kind === 'integer' || kind === 'double';
  return numbers(before) && numbers(found) ? 'double' : 'text';
};

/** A value as DuckDB's appender takes it for a column of that kind. */
export const frameValue = (value: unknown, kind: FrameKind): DuckDBValue => {
  if (value === null || value === undefined) return null;
  switch (kind) {
    case 'boolean':
      return value as boolean;
    case 'integer':
      return BigInt(value as number | bigint);
    case 'double':
      return Number(value);
    case 'instant':
      return new DuckDBTimestampTZValue(BigInt((value as Date).getTime()) * 1000n);
    case 'bytes':
      return new DuckDBBlobValue(value as Uint8Array);
    case 'json':
      return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner));
    default:
      return value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : String(value);
  }
};
