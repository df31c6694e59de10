import type { TableExport } from './export-table.ts';
import type { Input, Inputs, Row } from './input.ts';
import { kind } from './kinds.ts';
import type { CsvFile, JsonValue, ParquetFile } from './sources.ts';
import type { Relation } from './sql.ts';

/** Writes to the block's log. */
export type Log = Record<'debug' | 'info' | 'warning' | 'error', (text: string) => void>;

/** What a block's function is called with. */
export type BlockArguments = {
  /** One per upstream block, in the pipeline's order. */
  inputs: Inputs;
  /** Pipeline, trigger and run variables, and `execution_date` (a Date), `ds`, `hr`, `env`, ... */
  variables: Record<string, unknown>;
  /** The block's `configuration` in the pipeline. */
  configuration: Record<string, unknown>;
  log: Log;
  block: { uuid: string; type: string; attempt: number };
  pipeline: string | null;
  runId: string;
  /** Absolute path of the project. */
  projectPath: string;
};

/** A piece of a table: rows, or values in the order of `columns`. */
export type Batch = Row[] | { columns: string[]; values: unknown[][] };

/** What a block may return: a query, a file, rows, batches, any JSON value, several of these by `outputs`, or nothing. */
export type BlockResultValue =
  | Relation
  | CsvFile
  | ParquetFile
  | JsonValue
  | TableExport
  | Outputs
  | Input
  | Iterable<Row | Batch>
  | AsyncIterable<Row | Batch>
  | Record<string, unknown>
  | string
  | number
  | boolean
  | null
  | undefined
  | void;

export type BlockFunction = (given: BlockArguments) => BlockResultValue | Promise<BlockResultValue>;

export type BlockDefinition = {
  readonly [kind]: 'block';
  /** Block type of mage-format.md 2.3. */
  readonly type: 'data_loader' | 'transformer' | 'data_exporter' | 'custom';
  readonly run: BlockFunction;
};

const definer =
  (wrapper: string, type: BlockDefinition['type']) =>
  (run: BlockFunction): BlockDefinition => {
    if (typeof run !== 'function') throw new TypeError(`${wrapper}(...) needs a function, got ${typeof run}`);
    return { [kind]: 'block', type, run };
  };

/** Wraps the function of a data loader: `export default loader(async ({ variables }) => csv(...))`. */
export const loader = definer('loader', 'data_loader');
/** Wraps the function of a transformer. */
export const transformer = definer('transformer', 'transformer');
/** Wraps the function of a data exporter; it usually returns `exportTable(...)`. */
export const exporter = definer('exporter', 'data_exporter');
/** Wraps the function of a custom block. */
export const custom = definer('custom', 'custom');

export type Outputs = { readonly [kind]: 'outputs'; readonly values: readonly BlockResultValue[] };

/** Several outputs: `output_0`, `output_1`, ... */
export const outputs = (...values: BlockResultValue[]): Outputs => ({ [kind]: 'outputs', values });
