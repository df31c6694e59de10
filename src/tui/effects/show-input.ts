import { failureInput } from '../state/failure-input.ts';
import type { Store } from '../state/store.ts';

/** Goes to the rows that the failed block worked on, and to the row it was at as soon as they are there. */
export const createInputShower = (store: Store) => (): void => {
  const input = failureInput(store.state());
  if (!input) return;
  store.dispatch({ type: 'focused', pane: 'data', block: input.block });
  const { row } = input;
  if (row === null) return;
  const unsubscribe = store.subscribe((state) => {
    if (state.block !== input.block || state.focus !== 'data') unsubscribe();
    else if (state.data.loaded) {
      unsubscribe();
      store.dispatch({ type: 'dataJumped', row: row - 1 });
    }
  });
};
