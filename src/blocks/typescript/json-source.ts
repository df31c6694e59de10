import { jsonTable } from '../../data/json-table.ts';
import type { StoredOutput } from '../../model/output.ts';
import { WandError } from '../../problem/wand-error.ts';

/** A JSON output in SQL: only a list of objects is a table. */
export const jsonSource = (block: string, stored: StoredOutput): string => {
  const table = stored.path === null ? null : jsonTable(stored.path);
  if (table !== null && 'source' in table) return table.source;
  throw new WandError(
    'input-not-a-table',
    `${stored.name} of block ${block} is JSON and no list of objects, so no table`,
    {
      fix: 'read it with: await inputs[0].value()',
    },
  );
};
