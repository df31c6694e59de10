import type { Column } from '../model/output.ts';
import type { kind } from './kinds.ts';

/**
 * A row as an object. Integers beyond 2^53 and decimals are text, dates and times are ISO text
 * (`2021-01-01 00:30:10`), lists and structs are arrays and objects.
 */
export type Row = Record<string, unknown>;

/** What an upstream block hands on. It is read only when asked for, so a big table costs nothing until then. */
export type Input = {
  readonly [kind]: 'input';
  /** Uuid of the upstream block. */
  readonly block: string;
  /** `output_0`, `output_1`, ... */
  readonly name: string;
  readonly kind: 'table' | 'json' | 'pickle' | 'relation';
  /** Null for JSON. */
  readonly rowCount: number | null;
  readonly columns: readonly Column[] | null;
  /** All outputs of that block, this one first; most blocks have one. */
  readonly outputs: readonly Input[];
  /** Rows one at a time, with flat memory. For millions of rows use `sql` instead: a filter over the month takes an eighth of the time. */
  rows(): AsyncIterable<Row>;
  /** All rows in memory. */
  toArray(): Promise<Row[]>;
  /** The JSON value of a JSON output; the rows of a table. */
  value<T = unknown>(): Promise<T>;
};

/** One input per upstream block, in the pipeline's order. Typed as if there were eight, so that taking the first few needs no check. */
export type Inputs = readonly [Input, Input, Input, Input, Input, Input, Input, Input, ...Input[]];
