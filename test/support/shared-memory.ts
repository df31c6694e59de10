import { lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';

const folder = '/dev/shm';

/** Names of shared memory now, for `removeOrphans`. */
export const sharedMemory = (): Set<string> => new Set(list(folder));

/**
 * Removes the shared memory that has come since and that no process has any more: what Postgres servers and libfaketime leave when
 * they are killed. (A server removes its own at its next start, which a test's server does not have.)
 */
export const removeOrphans = (before: Set<string>): void => {
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
