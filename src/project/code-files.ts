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
/** Each folder that git ignores is looked through for programs no further than this. */
const mostIgnored = 2_000;

const neverFolders = new Set([
  '.git',
  'node_modules',
  '__pycache__',
  '.venv',
  'venv',
  '.file_versions',
  '.ipynb_checkpoints',
  'site-packages',
  '.tox',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
]);
/** Secrets: `.env` in all its spellings, keys, passwords of programs. */
const neverFiles =
  /^\.env|\.env$|\.(pem|key|p12|pfx|jks|ppk|kdbx)$|^id_(rsa|dsa|ecdsa|ed25519)$|^\.(netrc|pgpass|npmrc|pypirc)$/;
/**
 * What blocks can be or import: kept although git ignores it, since a run must be repeatable. What code opens is not: it stays where it is. Nor is
 * JSON, which is settings with passwords more often than code where git ignores it.
 */
const programs = /\.(py|pyi|sql|r|ts|mts|cts|js|mjs|cjs)$/i;
/** Files that git ignores are often secrets, whatever their kind. */
const secretNames = /secret|credential|password|service[-_]?account|api[-_]?key|token/i;
/** A private key inside a file, as in a service account's JSON (with `\n` spelled out). */
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----(\\n|\s)+[A-Za-z0-9+/=]{20}/;

/**
 * The text files of a project up to 1 MB that git would not ignore, and the programs among those that it would; never secrets, packages and
 * environments (decisions.md 6). Links are left out: they belong to what they point at. A file whose stamp is that of `known` is not read again. Null if the folder has too many files to be a project's code.
 */
export const codeFiles = (projectPath: string, known: StampedFiles = {}): StampedFiles | null => {
  const found: StampedFiles = {};
  let seen = 0;
  let seenIgnored = 0;
  const walk = (folder: string, prefix: string, outer: IgnoreRules, insideIgnored: boolean): boolean => {
    const rules = prefix === '' ? outer : withFolder(outer, folder);
    const entries = entriesOf(folder);
    // A virtual environment, whatever its name; one that was made in the project's own folder leaves that a project.
    if (prefix !== '' && entries.some(({ name }) => name === 'pyvenv.cfg')) return true;
    for (const entry of entries) {
      const [path, name] = [join(folder, entry.name), `${prefix}${entry.name}`];
      const ignored = insideIgnored || isIgnored(rules, path, entry.isDirectory());
      // One ignored folder full of data takes nothing from the next one.
      if (ignored && !insideIgnored) seenIgnored = 0;
      if (ignored) seenIgnored += 1;
      else seen += 1;
      if (seen > mostFiles) return false;
      if (insideIgnored && seenIgnored > mostIgnored) return true;
      if (entry.isDirectory()) {
        if (neverFolders.has(entry.name)) continue;
        if (!walk(path, `${name}/`, rules, ignored)) return false;
      } else if (entry.isFile() && !neverFiles.test(entry.name) && (!ignored || isProgram(entry.name))) {
        const stamp = fileStamp(path);
        const before = Object.hasOwn(known, name) ? known[name] : undefined;
        found[name] = before?.stamp === stamp ? before : { stamp, sha256: hashOfText(path) };
      }
    }
    return true;
  };
  return walk(projectPath, '', ignoreRulesFor(projectPath), false) ? found : null;
};

const isProgram = (name: string): boolean => programs.test(name) && !secretNames.test(name);

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

const holdsKey = (bytes: Buffer): boolean =>
  bytes.includes('PRIVATE KEY-----') && privateKey.test(bytes.toString('utf8'));

/** Null for what is no text, too large, or a private key. */
const hashOfText = (path: string): string | null => {
  try {
    if (statSync(path).size > largest) return null;
    const bytes = readFileSync(path);
    return bytes.length > largest || bytes.includes(0) || !isUtf8(bytes) || holdsKey(bytes)
      ? null
      : createHash('sha256').update(bytes).digest('hex');
  } catch {
    // Gone meanwhile, or not to be read: the block that needs it says so.
    return null;
  }
};
