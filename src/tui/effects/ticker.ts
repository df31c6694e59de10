import { nextTick } from '../state/screen-clock.ts';
import type { Store } from '../state/store.ts';

/** Moves the screen's clock when a time on it reads differently: each second while something runs, else as ages of runs change. */
export const startTicker = (store: Store): (() => void) => {
  let timer: NodeJS.Timeout | undefined;
  let due = Number.POSITIVE_INFINITY;
  const arrange = (): void => {
    const now = Date.now();
    const wait = nextTick(store.state(), now);
    const next = wait === null ? Number.POSITIVE_INFINITY : now + wait;
    // Of two moments the earlier one holds: it arranges the next when it has come.
    if (timer && due <= next) return;
    clearTimeout(timer);
    due = next;
    timer = wait === null ? undefined : setTimeout(tick, wait);
  };
  const tick = (): void => {
    timer = undefined;
    store.dispatch({ type: 'ticked', now: Date.now() });
    arrange();
  };
  const unsubscribe = store.subscribe((state, before) => {
    const same = state.runs === before.runs && state.latest === before.latest && state.snapshot === before.snapshot;
    if (!(same && timer)) arrange();
  });
  arrange();
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
};
