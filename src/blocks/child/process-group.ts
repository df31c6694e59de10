import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Signals a whole process group. A group that is gone already is no error; false tells that nobody got the signal. */
export const signalGroup = (pgid: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    process.kill(-pgid, signal);
    return true;
  } catch {
    return false;
  }
};

/** Waits until a killed group has no living member, at most `patienceMs` milliseconds; false if one is still there. */
export const groupIsGone = async (pgid: number, patienceMs: number): Promise<boolean> => {
  const deadline = Date.now() + patienceMs;
  while (signalGroup(pgid, 0) && hasLivingMember(pgid)) {
    if (Date.now() > deadline) return false;
    await pause(2);
  }
  return true;
};

/** A zombie still takes a signal, and stays for ever where the first process of a container reaps nobody. */
const hasLivingMember = (pgid: number): boolean => {
  if (process.platform !== 'linux') return true;
  return readdirSync('/proc').some((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, , group] = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return Number(group) === pgid && state !== 'Z' && state !== 'X';
    } catch {
      return false;
    }
  });
};

/**
 * Ends a group when `signal` aborts: TERM at once, KILL after `killAfterMs` milliseconds. Answers a function that stops watching,
 * and says whether it was this that ended the group.
 */
export const endOnAbort = (
  pgid: number,
  signal: AbortSignal,
  killAfterMs: number,
): { ended(): boolean; stop(): void } => {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const end = () => {
    ended = true;
    signalGroup(pgid, 'SIGTERM');
    timer = setTimeout(() => signalGroup(pgid, 'SIGKILL'), killAfterMs);
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return {
    ended: () => ended,
    stop: () => {
      signal.removeEventListener('abort', end);
      clearTimeout(timer);
    },
  };
};
