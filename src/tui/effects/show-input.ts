import { failureInput } from '../state/failure-input.ts';
import { dataView } from '../state/select.ts';
import type { State } from '../state/state.ts';
import type { Store } from '../state/store.ts';

/** Goes to the rows that the failed block worked on, and to the row it was at as soon as they are there, in their own order. */
export const createInputShower = (store: Store) => (): void => {
  const input = failureInput(store.state());
  if (!input) return;
  store.dispatch({ type: 'focused', pane: 'data', block: input.block });
  const { row } = input;
  if (row === null) return;
  const go = (state: State): void => {
    if (state.block !== input.block || state.focus !== 'data') {
      unsubscribe();
      return;
    }
    const { data } = state;
    if (!data.loaded || data.heldKey !== data.key || data.base !== dataView(state).base) return;
    // An order or a condition that was left there would make another row of it.
    if (data.look.sort || data.look.where !== '') {
      store.dispatch({ type: 'lookChanged', look: { sort: null, where: '' } });
      return;
    }
    unsubscribe();
    store.dispatch({ type: 'dataJumped', row: row - 1 });
  };
  const unsubscribe = store.subscribe(go);
  // They may be there already.
  go(store.state());
};
