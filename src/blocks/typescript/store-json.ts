import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredOutput } from '../../model/output.ts';
import { WandError } from '../../problem/wand-error.ts';
import type { Workshop } from './execute-task.ts';

/** Stores a value as `<name>.json`. A Date becomes ISO text, a bigint its digits; a function cannot be stored. */
export const storeJson = (workshop: Workshop, name: string, value: unknown): StoredOutput => {
  const text = JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner));
  if (text === undefined) {
    throw new WandError('output-type', `the block returned a ${typeof value}, which cannot be stored`, {
      file: workshop.task.file,
      fix: 'return a query, a file, rows or a JSON value',
    });
  }
  const path = join(workshop.task.outputFolder, `${name}.json`);
  writeFileSync(path, text);
  const rows = Array.isArray(value) ? value.length : null;
  return { name, kind: 'json', path, rows, columns: null, bytes: statSync(path).size };
};
