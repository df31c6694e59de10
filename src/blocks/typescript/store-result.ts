import type { StoredOutput } from '../../model/output.ts';
import type { BlockArguments, Outputs } from '../../sdk/block.ts';
import type { Exportable, TableExport } from '../../sdk/export-table.ts';
import { kindOf } from '../../sdk/kinds.ts';
import type { JsonValue } from '../../sdk/sources.ts';
import { sendEvent } from './events.ts';
import type { Workshop } from './execute-task.ts';
import { storeJson } from './store-json.ts';
import { isBatch, isRows, storeRows } from './store-rows.ts';
import { storeTable } from './store-table.ts';

/** Stores what a block returned as `output_0`, `output_1`, ... and tells the worker of each. */
export const storeResult = async (
  workshop: Workshop,
  result: unknown,
  given: BlockArguments,
): Promise<StoredOutput[]> => {
  const values = kindOf(result) === 'outputs' ? (result as Outputs).values : result === undefined ? [] : [result];
  const stored: StoredOutput[] = [];
  for (const [at, value] of values.entries()) {
    const output = await storeValue(workshop, `output_${at}`, value, given);
    stored.push(output);
    sendEvent({ type: 'output', output });
  }
  return stored;
};

const storeValue = async (
  workshop: Workshop,
  name: string,
  value: unknown,
  given: BlockArguments,
): Promise<StoredOutput> => {
  switch (kindOf(value)) {
    case 'input':
    case 'relation':
    case 'csv':
    case 'parquet':
      return storeTable(workshop, name, value as Exportable);
    case 'export': {
      const { storeExport } = await import('./store-export.ts');
      return storeExport(workshop, name, value as TableExport);
    }
    case 'json':
      return storeJson(workshop, name, (value as JsonValue).value);
    case undefined:
      if (isBatch(value)) return storeRows(workshop, name, [value]);
      return isRows(value) ? storeRows(workshop, name, value) : storeJson(workshop, name, value);
    default:
      throw new TypeError(`block ${given.block.uuid} returned a ${kindOf(value)}, which is no output`);
  }
};
