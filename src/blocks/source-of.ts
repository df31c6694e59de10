import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { CodePlace } from '../model/block-task.ts';

/**
 * Where the text of a file is read: in the snapshot of the run if it is a file of the project that the snapshot has, else where it is. Code
 * keeps its own path for everything else: messages, `__file__`, what it imports and opens.
 */
export const sourceOf = (code: CodePlace | undefined, path: string): string => {
  if (!code || !path.startsWith(code.project + sep)) return path;
  const kept = join(code.snapshot, relative(code.project, path));
  return existsSync(kept) ? kept : path;
};
