import { paneInner } from '../../view/pane-size.ts';
import type { Reducer } from '../event.ts';
import { comparable, emptyPast, otherRun } from '../past-state.ts';

/** Timeline and details. */
export const reducePast: Reducer = (state, event) => {
  const { past } = state;
  switch (event.type) {
    case 'pipelineOpened':
    case 'runOpened':
      return past === emptyPast ? state : { ...state, past: emptyPast };
    case 'pastLoaded':
      return { ...state, past: { ...past, key: event.key, past: event.past } };
    case 'otherLoaded':
      return event.snapshot.run.id === otherRun(state)?.id
        ? { ...state, past: { ...past, otherSnapshot: event.snapshot } }
        : state;
    case 'changesLoaded':
      return event.changes.left === otherRun(state)?.id && event.changes.right === state.snapshot?.run.id
        ? { ...state, past: { ...past, changes: event.changes } }
        : state;
    case 'otherChosen': {
      const others = comparable(state);
      const at = others.findIndex(({ id }) => id === otherRun(state)?.id);
      const next = others[Math.max(0, Math.min(others.length - 1, at + event.by))];
      return next ? { ...state, past: { ...past, other: next.id, otherSnapshot: null } } : state;
    }
    case 'detailsScrolled': {
      const most = Math.max(0, event.rows - paneInner(state, 'details').height);
      return { ...state, past: { ...past, detailsTop: Math.max(0, Math.min(most, past.detailsTop + event.by)) } };
    }
    default:
      return state;
  }
};
