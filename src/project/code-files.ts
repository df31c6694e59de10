import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileStamp } from '../home/file-stamp.ts';
import { type IgnoreRules, ignoreRulesFor, isIgnored, withFolder } from './git-ignore.ts';

/** What the files of a project were found to be, by path below the project: stamp, and sha256 of the text files among them. */
export type StampedFiles = Record<string, { stamp: string; sha256: string | null }>;

/** Text files of a project: path below it (with `/`) -> sha256. */
export type CodeManifest = Record<string, string>;

/** A larger file is data. Bytes. */
const largest = 1024 * 1024;
/** A project with more than this in it has its data beside its code: then nothing is kept of it. */
const mostFiles = 20_000;

const neverFolders = new Set([
  '.git',
  'node_modules',
  '__pycache__',
  '.venv',
  'venv',
  '.file_versions',
  '.ipynb_checkpoints',
]);
/** Secrets: `.env` in all its spellings, keys. */
const neverFiles = /^\.env|\.env$|\.(pem|key|p12|pfx)$|^id_(rsa|dsa|ecdsa|ed25519)$/;

/**
 * The text files of a project up to 1 MB that git would not ignore, never `.env` (decisions.md 6). Links are left out: they belong to what they
 * point at. A file whose stamp is that of `known` is not read again. Null if the folder has too many files to be a project's code.
 */
export const codeFiles = (projectPath: string, known: StampedFiles = {}): StampedFiles | null => {
  const found: StampedFiles = {};
  let seen = 0;
  const walk = (folder: string, prefix: string, outer: IgnoreRules): boolean => {
    const rules = prefix === '' ? outer : withFolder(outer, folder);
    for (const entry of entriesOf(folder)) {
      seen += 1;
      if (seen > mostFiles) return false;
      const [path, name] = [join(folder, entry.name), `${prefix}${entry.name}`];
      if (entry.isDirectory()) {
        if (neverFolders.has(entry.name) || isIgnored(rules, path, true)) continue;
        if (!walk(path, `${name}/`, rules)) return false;
      } else if (entry.isFile() && !neverFiles.test(entry.name) && !isIgnored(rules, path, false)) {
        const stamp = fileStamp(path);
        const before = Object.hasOwn(known, name) ? known[name] : undefined;
        found[name] = before?.stamp === stamp ? before : { stamp, sha256: hashOfText(path) };
      }
    }
    return true;
  };
  return walk(projectPath, '', ignoreRulesFor(projectPath)) ? found : null;
};

export const manifestOf = (files: StampedFiles): CodeManifest =>
  Object.fromEntries(
    Object.entries(files)
      .flatMap(([path, { sha256 }]) => (sha256 === null ? [] : [[path, sha256] as const]))
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );

/** Nothing for a folder that is gone meanwhile or not to be read: a block that needs something of it says so. */
const entriesOf = (folder: string): Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
};

/** Null for what is no text, or too large. */
const hashOfText = (path: string): string | null => {
  try {
    if (statSync(path).size > largest) return null;
    const bytes = readFileSync(path);
    return bytes.length > largest || bytes.includes(0) || !isUtf8(bytes)
      ? null
      : createHash('sha256').update(bytes).digest('hex');
  } catch {
    // Gone meanwhile, or not to be read: the block that needs it says so.
    return null;
  }
};
