import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { withFileLock } from '../../home/file-lock.ts';
import { wandHome } from '../../home/paths.ts';
import { WandError } from '../../problem/wand-error.ts';
import { findBinaries } from './binaries.ts';
import { clusterMajor, clusterUser, makeCluster, removeDrafts } from './cluster.ts';
import { clearLeftovers } from './leftovers.ts';
import { isAboutToStop } from './marks.ts';
import { resetPassword } from './password.ts';
import { findPlace, type Place, preparePlace } from './place.ts';
import { findPostmaster, type Postmaster } from './postmaster.ts';
import { readServerFile, type ServerFile, writeServerFile } from './server-file.ts';
import { startPostmaster } from './start.ts';
import { stopPostmaster } from './stop-postmaster.ts';

/** The running embedded server. */
export type EmbeddedServer = ServerFile & { pid: number; home: string };

const settlePatienceMs = 120_000;

/**
 * The embedded server of a WAND_HOME, started if it does not run, made if there is none. Any number of processes may call it at once.
 * Throws WandErrors with exit code 3 that name the way out; an existing data folder is never made anew.
 */
export const ensureEmbeddedServer = async (home = wandHome()): Promise<EmbeddedServer> => {
  try {
    return (isAboutToStop(home) ? null : await runningServer(home)) ?? (await startLocked(home));
  } catch (error) {
    throw isFileError(error) ? cannotWrite(home, error) : error;
  }
};

/** The embedded server if it runs; null if not. One that is starting or stopping is waited for; with the lock held. */
export const runningServer = async (home: string): Promise<EmbeddedServer | null> => {
  const place = findPlace(home);
  const postmaster = place && (await settledPostmaster(place));
  const file = place && postmaster && readServerFile(place.folder);
  // A server whose password is lost is none that can be used: it is started anew with another one.
  return file ? { ...file, ...runningFacts(place, postmaster), home } : null;
};

/** Start, stop and the making of a cluster exclude each other by this lock. */
export const lockOf = (home: string): string => join(home, 'pg', 'lock');

const startLocked = (home: string): Promise<EmbeddedServer> =>
  withFileLock(lockOf(home), async () => (await runningServer(home)) ?? (await startServer(home)));

const startServer = async (home: string): Promise<EmbeddedServer> => {
  const place = preparePlace(home);
  const known = readServerFile(place.folder);
  const major = clusterMajor(place.data);
  const binaries = await findBinaries(place, major);
  const file: ServerFile = {
    user: clusterUser,
    password: known?.password ?? randomBytes(24).toString('base64url'),
    port: known?.port ?? 0,
    socketFolder: place.socketFolder,
    dataFolder: place.data,
    binFolder: binaries.binFolder,
    version: binaries.version,
  };
  const running = findPostmaster(place.data);
  if (running) await stopPostmaster(place, running);
  await clearLeftovers(place);
  removeDrafts(place);
  // Written before the cluster exists: a kill in between must not leave a cluster with an unknown password.
  if (!known && major !== null) await resetPassword(place, binaries, file.password);
  writeServerFile(place.folder, file);
  if (major === null) await makeCluster(place, binaries, file.password);
  const postmaster = await startPostmaster(place, binaries, file.port);
  const server = { ...file, ...runningFacts(place, postmaster) };
  if (server.port !== file.port) writeServerFile(place.folder, { ...file, port: server.port });
  return { ...server, home };
};

const runningFacts = (place: Place, { pid, port }: Postmaster) => ({
  pid,
  port,
  socketFolder: place.socketFolder,
  dataFolder: place.data,
});

const settledPostmaster = async (place: Place): Promise<Postmaster | null> => {
  const deadline = Date.now() + settlePatienceMs;
  for (;;) {
    const postmaster = findPostmaster(place.data);
    if (!postmaster || postmaster.status === 'ready') return postmaster;
    if (Date.now() > deadline) throw unsettled(place, postmaster);
    await pause(10);
  }
};

const unsettled = (place: Place, { pid, status }: Postmaster): WandError =>
  new WandError('postgres-start', `The embedded Postgres (process ${pid}) has been ${status} for two minutes.`, {
    fix: `See its log ${join(place.folder, 'log')}, and wait or end that process.`,
    exitCode: 3,
  });

const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException)?.code ?? '');

const cannotWrite = (home: string, cause: NodeJS.ErrnoException): WandError =>
  new WandError('home-unwritable', `The embedded Postgres cannot be kept in ${home}: ${cause.message}.`, {
    fix: 'Make room or give this user the folder, set WAND_HOME to another one, or WAND_DATABASE_URL to a server elsewhere.',
    cause,
    exitCode: 3,
  });
