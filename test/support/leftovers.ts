import { lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { isAlive } from '../../src/home/process.ts';

const folder = '/dev/shm';

/** What lies outside the folders of the tests now, for `removeLeftovers`. */
export const outsideNow = (): Set<string> => new Set([...list(folder), ...list('/tmp')]);

/** Removes what processes that the tests killed have left there since. */
export const removeLeftovers = (before: Set<string>): void => {
  removeSharedMemory(before);
  removeSocketFolders(before);
};

/**
 * Shared memory that no process has any more, of Postgres servers and libfaketime. (A server removes its own at its next start, which a
 * test's server does not have.)
 */
const removeSharedMemory = (before: Set<string>): void => {
  const ours = list(folder).filter(
    (name) => !before.has(name) && /^(PostgreSQL\.|faketime_shm_|sem\.faketime_sem_)\d+$/.test(name) && mayRemove(name),
  );
  if (ours.length === 0) return;
  const mapped = list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => read(`/proc/${pid}/maps`))
    .join('');
  for (const name of ours) if (!mapped.includes(`${folder}/${name}`)) rmSync(`${folder}/${name}`, { force: true });
};

/** Folders for the sockets of a WAND_HOME whose path is too long, if all in it are dead. */
const removeSocketFolders = (before: Set<string>): void => {
  const ours = new RegExp(`^wand-${process.getuid?.() ?? 0}-[0-9a-f]{12}-run$`);
  for (const name of list('/tmp').filter((one) => !before.has(one) && ours.test(one))) {
    const owners = list(`/tmp/${name}`).map((socket) => Number(socket.split('-')[1]));
    if (!owners.some((pid) => isAlive(pid))) rmSync(`/tmp/${name}`, { recursive: true, force: true });
  }
};

/** An ordinary user sees only what the own processes have. */
const mayRemove = (name: string): boolean => {
  const uid = process.getuid?.() ?? 0;
  return uid === 0 || lstatSync(`${folder}/${name}`, { throwIfNoEntry: false })?.uid === uid;
};

const list = (path: string): string[] => {
  try {
    return readdirSync(path);
  } catch {
    return []; // not Linux
  }
};

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // ended meanwhile, or another user's
  }
};
