import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { WandError } from '../problem/wand-error.ts';

/** True for a folder, or a link to one. */
export const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
};

/** True if the name is there, be it broken: a dangling link, a folder where a file should be. */
export const isThere = (path: string): boolean => {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
};

/** A project has `metadata.yaml` and `pipelines/`; a pipeline's own folder has only the first. */
export const isProject = (path: string): boolean =>
  isThere(join(path, 'metadata.yaml')) && isFolder(join(path, 'pipelines'));

/** Names of subfolders that are not hidden, sorted; links to folders count. Throws a WandError if the folder cannot be read. */
export const subfolderNames = (path: string): string[] => {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith('.'))
      .filter((entry) => entry.isDirectory() || (entry.isSymbolicLink() && isFolder(join(path, entry.name))))
      .map((entry) => entry.name)
      .sort(byCode);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'EACCES' ? 'no right to read the folder' : message;
    throw new WandError('folder-unreadable', reason, {
      file: path,
      fix: 'Give yourself access to the folder.',
      cause: error,
    });
  }
};

/** By code units: the same order on every machine, whatever its language. */
export const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
