import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { WandError } from '../../problem/wand-error.ts';
import type { Binaries } from './binaries.ts';
import { giveToServer, type Place } from './place.ts';
import { runProgram } from './program.ts';
import { clusterSettings } from './settings.ts';

/** The role that owns the cluster. */
export const clusterUser = 'wand';

/** Major version of the data folder, or null if there is no whole one. */
export const clusterMajor = (data: string): number | null =>
  isWhole(data) ? Number.parseInt(readFileSync(join(data, 'PG_VERSION'), 'utf8'), 10) : null;

/**
 * Makes the cluster: scram for every way in, UTF-8, one superuser with the given password. It is made beside its place and moved there
 * when whole, so that a killed initdb leaves nothing that looks like a cluster. Throws WandError `initdb-failed`.
 */
export const makeCluster = async (place: Place, binaries: Binaries, password: string): Promise<void> => {
  setAsideHalfMade(place);
  const draft = join(place.base, `data.draft-${randomBytes(4).toString('hex')}`);
  mkdirSync(draft, { mode: 0o700 });
  giveToServer(place, draft);
  try {
    await initialise(place, binaries, draft, password);
    appendSettings(join(draft, 'postgresql.conf'));
    renameSync(draft, place.data);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
};

const isWhole = (data: string): boolean =>
  existsSync(join(data, 'PG_VERSION')) && existsSync(join(data, 'global', 'pg_control'));

/** Removes what killed runs left half made. The initdb of one may still be writing; then the next start does it. */
export const removeDrafts = (place: Place): void => {
  for (const name of readdirSync(place.base)) {
    if (!name.startsWith('data.draft-') && !name.startsWith('.password-')) continue;
    try {
      rmSync(join(place.base, name), { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    }
  }
};

/** A broken folder in the cluster's own place may hold a user's data: it is moved aside, never removed. */
const setAsideHalfMade = (place: Place): void => {
  if (!existsSync(place.data)) return;
  if (readdirSync(place.data).length === 0) {
    rmSync(place.data, { recursive: true });
    return;
  }
  const aside = join(place.base, `data.broken-${new Date().toISOString().replace(/[:.]/g, '-')}`);
  renameSync(place.data, aside);
  process.stderr.write(`wand: ${place.data} was not a whole cluster; it is now ${aside}, and a new one is made\n`);
};

const initialise = async (place: Place, { binFolder }: Binaries, draft: string, password: string): Promise<void> => {
  const passwordFile = writePassword(place, password);
  const initdb = (locale: string) =>
    runProgram(
      join(binFolder, 'initdb'),
      [
        ...['-D', draft, '--username', clusterUser, '--pwfile', passwordFile],
        ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', locale],
      ],
      { account: place.account, cwd: place.base },
    );
  try {
    let result = await initdb('C.UTF-8');
    // Some systems lack C.UTF-8; C sorts the same way and only knows fewer letters.
    if (result.status !== 0 && /locale/i.test(result.stderr)) result = await initdb('C');
    if (result.status !== 0) throw initdbFailed(place, result.stderr);
  } finally {
    rmSync(passwordFile, { force: true });
  }
};

/** On disk for a moment, readable by the server's user alone: an argument would be in everybody's process list. */
const writePassword = (place: Place, password: string): string => {
  const file = join(place.base, `.password-${randomBytes(4).toString('hex')}`);
  const handle = openSync(file, 'wx', 0o600);
  writeSync(handle, `${password}\n`);
  closeSync(handle);
  giveToServer(place, file);
  return file;
};

/** Does not follow a link: as root we write into a folder that another user owns. */
const appendSettings = (file: string): void => {
  const handle = openSync(file, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW);
  writeSync(handle, clusterSettings());
  closeSync(handle);
};

const initdbFailed = (place: Place, stderr: string): WandError => {
  const reason =
    stderr
      .trim()
      .split('\n')
      .filter((line) => /error|fatal|could not|No space/i.test(line))
      .pop() ?? stderr.trim();
  return new WandError('initdb-failed', `The embedded Postgres could not be made in ${place.base}: ${reason}`, {
    fix: 'See that there is room and that the folder can be written, or set WAND_HOME elsewhere, or WAND_DATABASE_URL to another server.',
    exitCode: 3,
  });
};
