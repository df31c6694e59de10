import type { Store } from '../state/store.ts';

export type Quiet = { quiet: number; most: number; isBusy(): boolean };

/** Calls `act` once when nothing has changed for `quiet` milliseconds and nothing is busy, `most` milliseconds from now at the latest; answers how to give it up. */
export const whenQuiet = (store: Store, { quiet, most, isBusy }: Quiet, act: () => void): (() => void) => {
  const latest = performance.now() + most;
  const wait = (): number => Math.max(0, Math.min(quiet, latest - performance.now()));
  const stop = (): void => {
    unsubscribe();
    clearTimeout(timer);
  };
  const done = (): void => {
    if (isBusy() && performance.now() < latest) {
      timer = setTimeout(done, wait());
      return;
    }
    stop();
    act();
  };
  let timer = setTimeout(done, wait());
  const unsubscribe = store.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(done, wait());
  });
  return stop;
};
