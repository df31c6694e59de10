/** Signals a whole process group. A group that is gone already is no error; false tells that nobody got the signal. */
export const signalGroup = (pgid: number, signal: NodeJS.Signals): boolean => {
  try {
    process.kill(-pgid, signal);
    return true;
  } catch {
    return false;
  }
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
