import { statSync } from 'node:fs';

/** Changes whenever a file is written, replaced, made or removed: what was read from it under the same stamp still holds. */
export const fileStamp = (path: string): string => {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats ? `${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}` : 'none';
};
