import type { Reducer } from '../event.ts';
import { emptyFailure } from '../failure-state.ts';

/** The failure pane: what was fetched for it, and which attempt it shows. */
export const reduceFailure: Reducer = (state, event) => {
  const { failure } = state;
  switch (event.type) {
    case 'failureOpened':
      return { ...state, failure: { ...emptyFailure, key: event.key } };
    case 'failureLoaded': {
      if (event.key !== failure.key) return state;
      const { attempts, similar, log, code } = event;
      return { ...state, failure: { ...failure, loaded: true, attempts, similar, log, code } };
    }
    case 'attemptShown': {
      const numbers = failure.attempts.map(({ attempt }) => attempt);
      const at = failure.shown === null ? numbers.length - 1 : numbers.indexOf(failure.shown);
      return { ...state, failure: { ...failure, shown: numbers[at + event.by] ?? failure.shown } };
    }
    // The file was edited: what is shown of it is fetched again.
    case 'codeStale':
      return { ...state, failure: { ...failure, loaded: false } };
    default:
      return state;
  }
};
