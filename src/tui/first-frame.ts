import type { State } from './state/state.ts';
import type { Store } from './state/store.ts';

/** A database that takes longer than this does not hold up the rest. Milliseconds. */
const patience = 60;

/**
 * Draws once what the screen shows at first is there, or patience is at an end; answers how to give it up. While rows are awaited `prepare`
 * lays out what is there already, so that only the rows are left to draw when they come.
 */
export const drawWhenFilled = (store: Store, prepare: () => void, draw: () => void): (() => void) => {
  let prepared: NodeJS.Immediate | undefined;
  const stop = (): void => {
    unsubscribe();
    clearTimeout(timer);
    clearImmediate(prepared);
  };
  const done = (): void => {
    stop();
    draw();
  };
  const timer = setTimeout(done, patience);
  const unsubscribe = store.subscribe((state) => {
    if (isFilled(state)) done();
    else if (state.pipeline !== null) prepared ??= setImmediate(prepare);
  });
  return stop;
};

const isFilled = ({ pipeline, tab, data }: State): boolean =>
  pipeline !== null && (tab !== 'data' || data.loaded || data.trouble !== null);
