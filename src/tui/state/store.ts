import type { Event } from './event.ts';
import { reduce } from './reduce/reduce.ts';
import type { State } from './state.ts';

export type Store = {
  state(): State;
  dispatch(event: Event): void;
  /** Called after each change, with the state before it. */
  subscribe(listener: (state: State, before: State) => void): () => void;
};

export const createStore = (initial: State): Store => {
  let state = initial;
  const listeners = new Set<(state: State, before: State) => void>();
  return {
    state: () => state,
    dispatch: (event) => {
      const before = state;
      state = reduce(state, event);
      if (state !== before) for (const listener of listeners) listener(state, before);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
