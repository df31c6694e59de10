import type { Worker } from '../engine/worker.ts';

/** Milliseconds in which the state database must take the word that this process is suspended. */
const patience = 2_000;

/**
 * What ctrl-z does to a foreground run: its worker says so first, then the process stops, and keeps its run and its blocks until `fg`. Without
 * a word (the database is away) it counts as hung after 20 s, as one that is stopped by `kill -STOP`. Answers how to let go of it.
 */
export const keepWhileSuspended = (worker: Worker, say: (line: string) => void): (() => void) => {
  /** A second ctrl-z while the first one is under way asks nothing more; a run that ends meanwhile is not stopped. */
  let state: 'runs' | 'suspends' | 'over' = 'runs';
  const suspend = async (): Promise<void> => {
    if (state !== 'runs') return;
    state = 'suspends';
    const word = worker.suspend().then(
      () => true,
      () => false,
    );
    const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), patience).unref());
    const kept = await Promise.race([word, late]);
    if (isOver()) return;
    say(
      kept
        ? 'suspended: the run waits for `fg`; blocks under way go on'
        : 'suspended without a word to the state database: after 20 s a background worker takes over',
    );
    process.once('SIGCONT', () => {
      if (!isOver()) state = 'runs';
      void worker.resume().catch(() => {});
    });
    process.kill(process.pid, 'SIGSTOP');
  };
  const isOver = (): boolean => state === 'over';
  const onStop = (): void => void suspend();
  process.on('SIGTSTP', onStop);
  return () => {
    state = 'over';
    process.off('SIGTSTP', onStop);
  };
};
