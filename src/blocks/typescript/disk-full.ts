import { statfsSync } from 'node:fs';
import { messageOf, WandError } from '../../problem/wand-error.ts';

/** A full disk, said by Node, DuckDB or Postgres, as one message that names the place and what is left. */
export const diskFull = (problem: unknown, folder: string): WandError | null => {
  if (problem instanceof WandError) return null;
  const { code, path } = problem as NodeJS.ErrnoException;
  const text = messageOf(problem);
  if (code === '53100') {
    return new WandError('database-disk-full', `the database server has no space left: ${text}`, {
      fix: "free space on the server's disk",
      cause: problem,
    });
  }
  const isFull = code === 'ENOSPC' || code === 'EDQUOT' || /No space left on device|Disk quota exceeded/i.test(text);
  if (!isFull) return null;
  const place = path ?? /file "([^"]+)"/.exec(text)?.[1] ?? folder;
  return new WandError('disk-full', `no space left to write ${place}${spaceLeft(folder)}`, {
    fix: 'free space there, or let WAND_HOME point to a bigger disk',
    cause: problem,
  });
};

const spaceLeft = (folder: string): string => {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return ` (${((bavail * bsize) / 1e6).toFixed(1)} MB free)`;
  } catch {
    return '';
  }
};
