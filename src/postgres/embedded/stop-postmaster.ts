import { setTimeout as pause } from 'node:timers/promises';
import { isAlive, startTicksOf } from '../../home/process.ts';
import { WandError } from '../../problem/wand-error.ts';
import type { Place } from './place.ts';
import type { Postmaster } from './postmaster.ts';

const stopPatienceMs = 60_000;

/** A fast shutdown: sessions are ended, open transactions rolled back, a checkpoint written. Throws WandError `postgres-stop`. */
export const stopPostmaster = async (place: Place, { pid }: Postmaster): Promise<void> => {
  const ticks = startTicksOf(pid);
  try {
    process.kill(pid, 'SIGINT');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw cannotStop(place, pid, error);
  }
  const deadline = Date.now() + stopPatienceMs;
  while (isAlive(pid, ticks)) {
    if (Date.now() > deadline) throw cannotStop(place, pid);
    await pause(5);
  }
};

const cannotStop = (place: Place, pid: number, cause?: unknown): WandError =>
  new WandError('postgres-stop', `The embedded Postgres (process ${pid}, data in ${place.data}) does not stop.`, {
    fix: cause ? 'Stop it as the user who started it.' : `See its log ${place.folder}/log.`,
    cause,
    exitCode: 3,
  });
