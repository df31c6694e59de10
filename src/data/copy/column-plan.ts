import type { DuckDBType } from '@duckdb/node-api';
import { duckIdentifier, textLiteral } from '../duckdb.ts';
import { textField } from './text-line.ts';

/** A column of the target table. */
export type TargetColumn = {
  name: string;
  /** Type name in pg_type, such as `int4`, `_text`; `domain` for a domain, which only text can fill. */
  type: string;
};

/** How bytes of DuckDB's vectors become a field of COPY BINARY. */
export type FieldKind =
  | 'int2'
  | 'int4'
  | 'int8'
  | 'float4'
  | 'float8'
  | 'bool'
  | 'date'
  | 'timestamp'
  | 'time'
  | 'interval'
  | 'bytes'
  | 'jsonb'
  | 'numeric'
  | 'uuid';

/**
 * How a column is read: `select` as the type that `field` is made from, `asText` as a field of COPY's text. Field null: only text
 * can carry it.
 */
export type ColumnPlan = { target: TargetColumn; select: string; asText: string; field: FieldKind | null };

/** What a source column becomes in a target column. Values that do not fit fail in DuckDB, or in Postgres, never silently. */
export const planColumn = (source: string, type: DuckDBType, target: TargetColumn): ColumnPlan => {
  const column = duckIdentifier(source);
  const kind = type.toString();
  const asText = textField(column, type, target.type.startsWith('_'));
  if (isNested(kind)) return { target, select: `to_json(${column})::VARCHAR`, asText, field: nestedField(target) };
  const plan = fields[target.type];
  if (plan === undefined) return { target, select: column, asText, field: null };
  if (kind === plan.duck) return { target, select: column, asText, field: plan.field };
  if (kind === 'BLOB' && plan.duck === 'VARCHAR')
    return { target, select: `decode(${column})`, asText, field: plan.field };
  // timestamptz -> timestamp is the wall clock in UTC, as DuckDB's session is set.
  const cast = `CAST(${column} AS ${plan.duck})`;
  return { target, select: guarded(column, kind, cast, target, plan.field), asText, field: plan.field };
};

/** DuckDB would round 1.5 to 2, and make true of 7, without a word. */
const guarded = (column: string, kind: string, cast: string, target: TargetColumn, field: FieldKind): string => {
  if (field === 'bool' && isNumber(kind)) return onlyIf(`${column} IN (0, 1)`, column, cast, target);
  if (/^int\d$/.test(field) && isFractional(kind)) return onlyIf(`${column} = trunc(${column})`, column, cast, target);
  return cast;
};

const onlyIf = (condition: string, column: string, cast: string, target: TargetColumn): string => {
  const refusal = textLiteral(`column ${target.name} (${target.type}) cannot hold `);
  return `CASE WHEN ${column} IS NULL OR ${condition} THEN ${cast} ELSE error(${refusal} || ${column}) END`;
};

const isNested = (kind: string): boolean => /^(STRUCT|MAP|UNION)/.test(kind) || /\[\d*\]$/.test(kind);

const isFractional = (kind: string): boolean => kind === 'DOUBLE' || kind === 'FLOAT' || kind.startsWith('DECIMAL');

const isNumber = (kind: string): boolean => isFractional(kind) || /INT$|INTEGER$/.test(kind);

const nestedField = ({ type }: TargetColumn): FieldKind | null => {
  if (type === 'jsonb') return 'jsonb';
  return fields[type]?.duck === 'VARCHAR' && fields[type].field === 'bytes' ? 'bytes' : null;
};

const text = { duck: 'VARCHAR', field: 'bytes' } as const;

const fields: Record<string, { duck: string; field: FieldKind }> = {
  int2: { duck: 'SMALLINT', field: 'int2' },
  int4: { duck: 'INTEGER', field: 'int4' },
  int8: { duck: 'BIGINT', field: 'int8' },
  float4: { duck: 'FLOAT', field: 'float4' },
  float8: { duck: 'DOUBLE', field: 'float8' },
  bool: { duck: 'BOOLEAN', field: 'bool' },
  date: { duck: 'DATE', field: 'date' },
  timestamp: { duck: 'TIMESTAMP', field: 'timestamp' },
  timestamptz: { duck: 'TIMESTAMP WITH TIME ZONE', field: 'timestamp' },
  time: { duck: 'TIME', field: 'time' },
  interval: { duck: 'INTERVAL', field: 'interval' },
  bytea: { duck: 'BLOB', field: 'bytes' },
  numeric: { duck: 'VARCHAR', field: 'numeric' },
  uuid: { duck: 'VARCHAR', field: 'uuid' },
  jsonb: { duck: 'VARCHAR', field: 'jsonb' },
  json: text,
  text,
  varchar: text,
  bpchar: text,
};
