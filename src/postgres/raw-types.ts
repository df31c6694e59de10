import type { CustomTypesConfig } from 'pg';
import type { CellValue } from '../model/output.ts';

const oids = { bool: 16, int8: 20, int2: 21, int4: 23, float4: 700, float8: 701 } as const;

/**
 * Values as a screen needs them: booleans and numbers that a double holds exactly as such, everything else as Postgres prints it.
 * pg's own parsers would turn timestamps into dates in milliseconds and lose what does not fit.
 */
export const rawTypes = {
  getTypeParser:
    (oid: number) =>
    (text: string): CellValue => {
      if (oid === oids.bool) return text === 't';
      if (oid === oids.int2 || oid === oids.int4) return Number(text);
      if (oid === oids.int8) return Number.isSafeInteger(Number(text)) ? Number(text) : text;
      // NaN and Infinity have no place in JSON.
      if (oid === oids.float4 || oid === oids.float8) return Number.isFinite(Number(text)) ? Number(text) : text;
      return text;
    },
} as CustomTypesConfig;

const shortNames: Record<string, string> = {
  smallint: 'int16',
  integer: 'int32',
  bigint: 'int64',
  real: 'float32',
  'double precision': 'float64',
  boolean: 'bool',
  numeric: 'decimal',
  'character varying': 'text',
  character: 'text',
  bytea: 'bytes',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
  'time without time zone': 'time',
  'time with time zone': 'timetz',
};

/** The short, lower-case name of a type as format_type prints it: `character varying(20)` is `text`, `bigint[]` is `int64[]`. */
export const shortTypeName = (formatted: string): string => {
  const [, name = formatted, suffix = ''] = /^(.*?)((?:\[\])*)$/.exec(formatted) ?? [];
  const plain = name.replace(/\s*\([^)]*\)/, '');
  return `${shortNames[plain] ?? plain.toLowerCase()}${suffix}`;
};
