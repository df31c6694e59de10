import type { SimilarDialog } from '../../state/dialog.ts';
import { failureKey } from '../../state/failure-state.ts';
import type { State } from '../../state/state.ts';
import type { Action, App } from '../action.ts';
import { closeDialog, moving } from './dialog-keys.ts';

const similar = (app: App): SimilarDialog => app.state().dialog as SimilarDialog;

/** Runs in which the block failed in the same way: a list, from which one goes to their failure. */
export const similarActions: readonly Action[] = [
  {
    id: 'failure.similar',
    title: 'similar',
    help: 'Show the runs in which the block failed in the same way; enter goes there',
    keys: ['s'],
    context: 'failure',
    footer: 6,
    when: hasSimilar,
    run: ({ dispatch }) => dispatch({ type: 'dialog', dialog: { kind: 'similar', cursor: 0 } }),
  },
  ...moving('similar', (app, by) => {
    const last = Math.max(0, app.state().failure.similar.length - 1);
    const cursor = Math.max(0, Math.min(last, similar(app).cursor + by));
    app.dispatch({ type: 'dialog', dialog: { kind: 'similar', cursor } });
  }),
  {
    id: 'similar.open',
    title: 'go there',
    help: 'Show this failure',
    keys: ['enter'],
    context: 'similar',
    footer: 1,
    run: (app) => {
      const found = app.state().failure.similar[similar(app).cursor];
      app.dispatch({ type: 'dialog', dialog: null });
      if (found) app.dispatch({ type: 'failureVisited', runId: found.runId });
    },
  },
  closeDialog('similar', ['esc', 'q', 's']),
];

function hasSimilar(state: State): true | string {
  const { key, loaded, similar: found } = state.failure;
  if (key !== failureKey(state) || !loaded) return 'the failure is being read';
  return found.length > 0 ? true : 'no other run failed in this way';
}
