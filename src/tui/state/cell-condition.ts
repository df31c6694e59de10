import type { CellValue, Column } from '../../model/output.ts';
import { quoteIdentifier, quoteLiteral } from '../../postgres/identifiers.ts';

/** Whose SQL the condition is for: Postgres for tables, DuckDB for outputs. */
export type Dialect = 'postgres' | 'duckdb';

const numeric = /^(u?int|float|decimal|numeric)/;
const nested = /^(struct|list|map)|\[\]$/;
const comparable = /^(text|date|time|timestamp|timestamptz|timetz|uuid|interval|name|char)/;

/** SQL that is true for the rows with this value in this column; `cut` if only its first characters are known. */
export const cellCondition = (
  { name, type }: Column,
  value: CellValue,
  dialect: Dialect,
  { not = false, cut = null }: { not?: boolean; cut?: number | null } = {},
): string => {
  const column = quoteIdentifier(name);
  if (value === null) return `${column} IS ${not ? 'NOT ' : ''}NULL`;
  // Rows without a value are not the value: without this they would vanish from both.
  const equal = not ? 'IS DISTINCT FROM' : '=';
  if (typeof value === 'boolean') return `${column} ${equal} ${value}`;
  const text = String(value);
  const literal = dialect === 'postgres' ? quoteLiteral(text).trim() : `'${text.replaceAll("'", "''")}'`;
  if (numeric.test(type) && !nested.test(type))
    return `${column} ${equal} ${/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? text : literal}`;
  const whole = comparable.test(type) && !nested.test(type) ? column : asText(column, type, dialect);
  return cut === null
    ? `${whole} ${equal} ${literal}`
    : `left(${whole}${dialect === 'postgres' ? '::text' : '::VARCHAR'}, ${cut}) ${equal} ${literal}`;
};

const asText = (column: string, type: string, dialect: Dialect): string => {
  if (dialect === 'postgres') return `${column}::text`;
  if (nested.test(type)) return `to_json(${column})::VARCHAR`;
  return type === 'bytes' ? `'\\x' || lower(hex(${column}))` : `${column}::VARCHAR`;
};

/** Both conditions. */
export const both = (one: string, other: string): string => (one.trim() === '' ? other : `(${one}) AND ${other}`);
