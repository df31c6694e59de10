import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { withFileLock } from '../../home/file-lock.ts';
import { wandHome } from '../../home/paths.ts';
import { embeddedConfig } from './database.ts';
import { lockOf, runningServer } from './ensure.ts';
import { aboutToStop, forgetKeep, isKept } from './marks.ts';
import { findPlace, type Place } from './place.ts';
import { findPostmaster } from './postmaster.ts';
import { stopPostmaster } from './stop-postmaster.ts';

/** Stops the embedded server and takes its keep mark away. Answers false if it did not run. */
export const stopEmbeddedServer = async (home = wandHome()): Promise<boolean> => {
  if (!findPlace(home)) return false;
  return withFileLock(lockOf(home), async () => {
    forgetKeep(home);
    return stopNow(home);
  });
};

/**
 * Stops the server if nobody needs it: it has no keep mark and no client session but ours of this moment. Close your own
 * connections first. Answers whether it was stopped.
 */
export const stopIfUnused = async (home = wandHome()): Promise<boolean> => {
  if (!findPlace(home) || isKept(home)) return false;
  return withFileLock(lockOf(home), async () => {
    if (isKept(home) || (await countLastingSessions(home)) !== 0) return false;
    return stopNow(home);
  });
};

const stopNow = async (home: string): Promise<boolean> => {
  const place = findPlace(home);
  const postmaster = place && findPostmaster(place.data);
  if (place && postmaster) await aboutToStop(home, () => stopPostmaster(place, postmaster));
  if (place) removeSocketFolder(place);
  return postmaster !== null;
};

/** One in /tmp, where it would be left for ever, with the sockets of a server that was killed; the next start makes it again. */
const removeSocketFolder = ({ socketFolder, base }: Place): void => {
  if (socketFolder.startsWith(`${base}/`) || !existsSync(socketFolder)) return;
  for (const name of readdirSync(socketFolder)) {
    if (name.startsWith('.s.PGSQL.')) rmSync(join(socketFolder, name), { force: true });
  }
  try {
    rmdirSync(socketFolder);
  } catch {
    // Something of somebody else is in it.
  }
};

/** Sessions that are still there after a moment: the backend of a connection just closed takes some milliseconds to go. */
const countLastingSessions = async (home: string): Promise<number | null> => {
  for (let tries = 1; ; tries += 1) {
    const sessions = await countSessions(home);
    if (!sessions || tries === 10) return sessions;
    await pause(20);
  }
};

/** Client sessions other than the one that counts; null if the server does not run. */
const countSessions = async (home: string): Promise<number | null> => {
  const server = await runningServer(home);
  if (!server) return null;
  const { connectClient } = await import('../connect.ts');
  const client = await connectClient(embeddedConfig(server, 'postgres'), { applicationName: 'wand db' });
  try {
    const { rows } = await client.query<{ sessions: number }>(
      `SELECT count(*)::int AS sessions FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
    return rows[0]?.sessions ?? 0;
  } finally {
    await client.end();
  }
};
