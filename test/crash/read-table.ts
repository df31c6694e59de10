import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/home/package-root.ts';

/** One row of docs/crash-table.md: the kind of fault, and the test files (paths from the package root) that it names. */
export type TableRow = { fault: string; files: string[] };

/** The rows of the crash table. Throws when a row names no test, or one that is not there. */
export const readCrashTable = (): TableRow[] => {
  const text = readFileSync(join(packageRoot(), 'docs', 'crash-table.md'), 'utf8');
  const rows = text.split('\n').filter((line) => /^\| (?!fault \|)/.test(line));
  if (rows.length === 0) throw new Error('docs/crash-table.md has no table');
  return rows.map((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const fault = cells[1]!;
    const files = [...cells.at(-2)!.matchAll(/`([^`]+\.test\.tsx?)`/g)].map(([, path]) => path!);
    if (files.length === 0) throw new Error(`docs/crash-table.md names no test for: ${fault}`);
    for (const path of files) {
      if (!existsSync(join(packageRoot(), path)))
        throw new Error(`docs/crash-table.md names ${path}, which is not there`);
    }
    return { fault, files };
  });
};
