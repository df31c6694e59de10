import type { Store } from '../state/store.ts';

/** How long good news stands where the keys are listed; warnings and errors stay until the next key. */
const shownFor = 4_000;

/** Takes messages of the kind `info` away again; answers how to stop. */
export const startStatusTimer = (store: Store): (() => void) => {
  let timer: NodeJS.Timeout | undefined;
  const unsubscribe = store.subscribe(({ status }, before) => {
    if (status === before.status) return;
    clearTimeout(timer);
    if (status?.kind !== 'info') return;
    timer = setTimeout(() => {
      if (store.state().status === status) store.dispatch({ type: 'status', status: null });
    }, shownFor);
  });
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
};
