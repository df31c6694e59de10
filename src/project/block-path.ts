import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { BlockLanguage } from '../model/project.ts';
import { extensions, folderOfType } from './block-kinds.ts';

/** Why a uuid cannot name a file inside the project, or null. Nested uuids (`taxi/load`) are fine (mage-format.md 1.5). */
export const uuidProblem = (uuid: string): string | null => {
  const segments = uuid.split('/');
  if (uuid === '') return 'is empty';
  if (/[\u0000-\u001f\u007f\\]/.test(uuid)) return 'holds a control character or a backslash';
  if (isAbsolute(uuid) || segments.includes('..') || segments.includes('.')) return 'leaves the folder of its type';
  return segments.includes('') ? 'has an empty part between slashes' : null;
};

/** `<project>/<type>s/<uuid>.<ext>`; the uuid must have passed `uuidProblem`, the type must be one of Mage's. */
export const defaultBlockPath = (projectPath: string, type: string, uuid: string, language: BlockLanguage): string =>
  join(projectPath, folderOfType(type), `${uuid}.${extensions[language]}`);

/**
 * A path of `configuration.file_path` as Mage finds it (mage-format.md 1.5): absolute kept; a leading name of the own project
 * stripped; else below the root if its first folder is there; else below `dbt/`; else the file whose path ends so.
 */
export const fixedPath = (projectPath: string, written: string): string => {
  if (isAbsolute(written)) return resolve(written);
  const parts = written.split('/').filter((part) => part !== '' && part !== '.');
  const own = parts[0] === basename(projectPath) ? parts.slice(1) : parts;
  const atRoot = resolve(projectPath, ...own);
  if (own.length === 0 || existsSync(join(projectPath, own[0]!))) return atRoot;
  const belowDbt = resolve(projectPath, 'dbt', ...own);
  if (existsSync(belowDbt)) return belowDbt;
  return own.includes('..') ? atRoot : (fileEndingWith(projectPath, own.join(sep)) ?? atRoot);
};

export const isInside = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
};

export const isFile = (path: string): boolean => {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

/** Folders looked at by the suffix search; a project has far fewer. */
const searchLimit = 2_000;

const fileEndingWith = (root: string, suffix: string): string | null => {
  const open = [root];
  for (let looked = 0; open.length > 0 && looked < searchLimit; looked += 1) {
    const folder = open.shift()!;
    const candidate = join(folder, suffix);
    if (isFile(candidate)) return candidate;
    open.push(...subfolders(folder));
  }
  return null;
};

/** Links are not followed: they may run in a circle. */
const subfolders = (folder: string): string[] => {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
      .map((entry) => join(folder, entry.name))
      .sort();
  } catch {
    return [];
  }
};
