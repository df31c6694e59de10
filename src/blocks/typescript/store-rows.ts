import { join } from 'node:path';
import type { StoredOutput } from '../../model/output.ts';
import { WandError } from '../../problem/wand-error.ts';
import type { Batch } from '../../sdk/block.ts';
import type { Row } from '../../sdk/input.ts';
import type { Workshop } from './execute-task.ts';
import { queryProblem } from './query-problems.ts';
import { storeJson } from './store-json.ts';

type ColumnBatch = Exclude<Batch, Row[]>;
type Pieces = Iterable<Row | Batch> | AsyncIterable<Row | Batch>;

/** `{ columns, values }`: names, and rows as arrays in their order. */
export const isBatch = (value: unknown): value is ColumnBatch =>
  isObject(value) &&
  Object.keys(value).length === 2 &&
  Array.isArray(value.columns) &&
  value.columns.every((name) => typeof name === 'string') &&
  Array.isArray(value.values) &&
  value.values.every(Array.isArray);

/** Rows or batches: a generator of them, or an array of objects. An array of anything else is JSON. */
export const isRows = (value: unknown): value is Pieces => {
  if (Array.isArray(value)) return value.length > 0 && value.every((row) => isObject(row));
  return isObject(value) && (Symbol.asyncIterator in value || Symbol.iterator in value);
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Stores rows as they come, in flat memory. No row at all and no column named is an empty JSON list. */
export const storeRows = async (workshop: Workshop, name: string, pieces: Pieces): Promise<StoredOutput> => {
  const { createFrame } = await import('../../data/frame.ts');
  const frame = createFrame(await workshop.duckdb());
  let count = 0;
  for await (const piece of pieces) {
    if (isBatch(piece)) await frame.appendValues(piece.columns, piece.values);
    else if (Array.isArray(piece)) await frame.appendRows(piece.map((row) => checkedRow(row, count)));
    else await frame.appendRows([checkedRow(piece, count)]);
    count += 1;
  }
  const path = join(workshop.task.outputFolder, `${name}.parquet`);
  try {
    const stored = await frame.toParquet(path);
    return stored === null ? storeJson(workshop, name, []) : { name, kind: 'table', path, ...stored };
  } catch (problem) {
    throw queryProblem(workshop, problem, '');
  }
};

const checkedRow = (row: unknown, at: number): Row => {
  if (isObject(row)) return row;
  const found = row === null ? 'null' : Array.isArray(row) ? 'an array' : `a ${typeof row}`;
  throw new WandError('bad-row', `the block yielded ${found} at piece ${at + 1}, which is no row`, {
    fix: 'yield objects, arrays of objects, or { columns, values }',
  });
};
