import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Place } from './place.ts';
import { hasStalePidFile, serverProcesses } from './postmaster.ts';

/** Backends see within a moment that their postmaster died, unless they are deep in a computation. */
const orphanPatienceMs = 500;

/**
 * Clears what a killed server left and what would keep a new one from starting: backends that outlived it, its pid file, its sockets with
 * their lock files. Postgres itself refuses when the recorded pid has been given to another process since. Only with the lock held and
 * after making sure that no server runs: the pid file guards the data, and is removed after the last old process is gone.
 */
export const clearLeftovers = async (place: Place): Promise<void> => {
  await endOrphans(place.data);
  if (hasStalePidFile(place.data)) rmSync(join(place.data, 'postmaster.pid'), { force: true });
  if (!existsSync(place.socketFolder)) return;
  for (const name of readdirSync(place.socketFolder)) {
    if (name.startsWith('.s.PGSQL.')) rmSync(join(place.socketFolder, name), { force: true });
  }
};

const endOrphans = async (data: string): Promise<void> => {
  if (!existsSync(data)) return;
  const deadline = Date.now() + orphanPatienceMs;
  for (;;) {
    const orphans = serverProcesses(data);
    if (orphans.length === 0) return;
    // Without a postmaster their work can never commit: nothing is lost that was not lost already.
    if (Date.now() > deadline) for (const pid of orphans) kill(pid);
    await pause(20);
  }
};

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
};
