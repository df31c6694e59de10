import type { Input } from './input.ts';
import { kind, kindOf, originHere } from './kinds.ts';
import type { CsvFile, ParquetFile } from './sources.ts';

/** A query over files and inputs, in DuckDB's SQL. Nothing runs until the block returns it. */
export type Relation = {
  readonly [kind]: 'relation';
  readonly texts: readonly string[];
  readonly values: readonly SqlValue[];
  readonly origin: string;
};

export type Identifier = { readonly [kind]: 'identifier'; readonly name: string };

/** What may stand in `${...}`: tables (inputs, files, other queries), names, and plain values, which become literals. */
export type SqlValue =
  | Input
  | CsvFile
  | ParquetFile
  | Relation
  | Identifier
  | string
  | number
  | bigint
  | boolean
  | Date
  | null
  | readonly (string | number | bigint | boolean | Date | null)[];

/**
 * A query: sql`select * from ${inputs[0]} where fare > ${limit}`. Values cannot break out of their place: text is
 * quoted, a list becomes (a, b, c) for `in`, and a table or another query becomes a table.
 */
export const sql = (texts: TemplateStringsArray, ...values: SqlValue[]): Relation => {
  values.forEach((value, at) => {
    if (!isSqlValue(value)) {
      throw new TypeError(
        `sql: value ${at + 1} is ${value === undefined ? 'undefined' : `a ${typeof value}`}, which SQL cannot hold; use an input, a file, a query, identifier(name), text, a number, a boolean, a Date, null or a list of these`,
      );
    }
  });
  return { [kind]: 'relation', texts: [...texts], values, origin: originHere(sql) };
};

/** A column's or table's name, quoted: sql`select ${identifier(name)} from ...`. */
export const identifier = (name: string): Identifier => ({ [kind]: 'identifier', name: String(name) });

const isPlain = (value: unknown): boolean =>
  value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value) || value instanceof Date;

const isSqlValue = (value: unknown): boolean =>
  isPlain(value) ||
  (Array.isArray(value) && value.every(isPlain)) ||
  ['input', 'csv', 'parquet', 'relation', 'identifier'].includes(kindOf(value) ?? '');
