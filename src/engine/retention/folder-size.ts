import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Files looked at together: a folder of a million is walked without holding up the blocks of this worker, nor filling its memory. */
const together = 16;

/** Bytes of a file or of all files below a folder; 0 for what is gone. Links count themselves. */
export const sizeOf = async (path: string): Promise<number> => {
  const facts = await lstat(path).catch(() => null);
  if (!facts) return 0;
  if (!facts.isDirectory()) return facts.size;
  let sum = 0;
  for (const folders = [path]; folders.length > 0; ) {
    const folder = folders.pop()!;
    const entries = await entriesOf(folder);
    folders.push(...entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name)));
    const files = entries.filter((entry) => !entry.isDirectory());
    for (let at = 0; at < files.length; at += together) {
      const sizes = await Promise.all(files.slice(at, at + together).map(({ name }) => fileSize(join(folder, name))));
      sum += sizes.reduce((one, other) => one + other, 0);
    }
  }
  return sum;
};

const fileSize = async (path: string): Promise<number> => (await lstat(path).catch(() => null))?.size ?? 0;

const entriesOf = (folder: string): Promise<Dirent[]> => readdir(folder, { withFileTypes: true }).catch(() => []);

/** Since a file or folder was last written to; 0 for what is gone. */
export const daysSince = async (path: string): Promise<number> => {
  const facts = await lstat(path).catch(() => null);
  return facts ? (Date.now() - facts.mtimeMs) / 86_400_000 : 0;
};

/** Names in a folder; none where there is no such folder. */
export const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
