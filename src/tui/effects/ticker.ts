import { hasClock } from '../state/select.ts';
import type { Store } from '../state/store.ts';

/** A second hand that moves only while something on the screen runs; idle means no timer. */
export const startTicker = (store: Store): (() => void) => {
  let timer: NodeJS.Timeout | undefined;
  const arrange = (): void => {
    if (timer || !hasClock(store.state())) return;
    timer = setTimeout(tick, 1_000 - (Date.now() % 1_000));
  };
  const tick = (): void => {
    timer = undefined;
    store.dispatch({ type: 'ticked', now: Date.now() });
    arrange();
  };
  const unsubscribe = store.subscribe(arrange);
  arrange();
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
};
