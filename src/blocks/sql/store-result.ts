import { join } from 'node:path';
import type { BlockContext } from '../../model/block-task.ts';
import type { StoredOutput } from '../../model/output.ts';
import type { Execution, ResultField } from './execution.ts';
import { storedTypeOf } from './result-types.ts';

/** Mage's cap of the rows that are kept of one result (mage-format.md 4.1). */
const mostRows = 10_000_000;

/** `limit_in_pipeline_run`: how many rows of a result are kept. */
export const resultLimit = (configuration: Record<string, unknown>): number => {
  const limit = Number(configuration.limit_in_pipeline_run ?? mostRows);
  return Number.isInteger(limit) && limit >= 0 ? Math.min(limit, mostRows) : mostRows;
};

/**
 * Writes a result set as the block's `output_0`, page by page, at most `limit` rows. The statement is ended when enough
 * rows have come.
 */
export const storeResult = async (
  context: BlockContext,
  execution: Execution,
  fields: ResultField[],
  limit: number,
): Promise<StoredOutput> => {
  const path = join(context.task.outputFolder, 'output_0.parquet');
  const columns = fields.map((field, index) => ({ name: uniqueNames(fields)[index]!, type: storedTypeOf(field) }));
  warnOfDoubles(context, fields, columns);
  try {
    const { writeTable } = await import('../../data/write-table.ts');
    const written = await writeTable(path, columns, limited(context, execution, limit));
    await execution.close();
    const { rows, bytes } = written;
    const stored = written.columns.map((column, index) => ({
      ...column,
      type: namedTypes[columns[index]!.type] ?? column.type,
    }));
    return { name: 'output_0', kind: 'table', path, rows, columns: stored, bytes };
  } catch (error) {
    // An open portal would hold up the ROLLBACK for ever.
    await execution.close().catch(() => undefined);
    throw error;
  }
};

/** Types that Parquet holds as text: screens name them, and Python makes values of its own of them (`types` of the recorded cases). */
const namedTypes: Record<string, string> = { json: 'json', jsonb: 'json', interval: 'interval' };

const limited = async function* (
  context: BlockContext,
  execution: Execution,
  limit: number,
): AsyncGenerator<(string | null)[][]> {
  let left = limit;
  if (left === 0) return;
  for await (const page of execution.pages()) {
    yield page.length > left ? page.slice(0, left) : page;
    left -= page.length;
    if (left <= 0) return;
    // Between two pages the server has nothing to cancel.
    context.signal.throwIfAborted();
  }
};

/** Column names of a stored table differ; of equal ones the later get `_1`, `_2`, ... */
export const uniqueNames = (fields: { name: string }[]): string[] => {
  const taken = new Set(fields.map(({ name }) => name));
  const seen = new Set<string>();
  return fields.map(({ name }) => {
    if (!seen.has(name)) {
      seen.add(name);
      return name;
    }
    let number = 1;
    while (taken.has(`${name}_${number}`)) number += 1;
    taken.add(`${name}_${number}`);
    return `${name}_${number}`;
  });
};

const warnOfDoubles = (context: BlockContext, fields: ResultField[], columns: { name: string }[]): void => {
  const renamed = columns.flatMap(({ name }, index) => (name === fields[index]!.name ? [] : [name]));
  if (renamed.length === 0) return;
  const text = `duplicate-columns: the result has columns of the same name; the later ones are stored as ${renamed.join(', ')}`;
  context.log({ level: 'warning', source: 'wand', text });
};
