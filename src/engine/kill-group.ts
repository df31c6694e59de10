import { startTicksOf } from '../home/process.ts';

/** Kills the process group of a lost attempt on this host, unless its number belongs to somebody else by now. */
export const killGroup = ({ pgid, startTicks }: { pgid: number | null; startTicks: string | null }): void => {
  if (pgid === null || pgid <= 1) return;
  // The leader may be gone while grandchildren live: then nobody can have taken over its number as a group's.
  const ticks = startTicksOf(pgid);
  if (ticks !== null && startTicks !== null && ticks !== startTicks) return;
  try {
    process.kill(-pgid, 'SIGKILL');
  } catch {
    // Gone already.
  }
};
