import type { State } from '../state/state.ts';
import type { Action, Context } from './action.ts';
import { codeActions, dataActions } from './actions/data.ts';
import { dialogActions } from './actions/dialogs.ts';
import { failureActions } from './actions/failure.ts';
import { globalActions } from './actions/global.ts';
import { graphActions } from './actions/graph.ts';
import { runsActions, treeActions } from './actions/lists.ts';
import { logActions } from './actions/logs.ts';

/** The table of all actions. Nothing else binds a key. */
export const actions: readonly Action[] = [
  ...globalActions,
  ...treeActions,
  ...graphActions,
  ...runsActions,
  ...logActions,
  ...dataActions,
  ...codeActions,
  ...failureActions,
  ...dialogActions,
];

/** Contexts as documents call them, in the order of the screen. */
export const contextNames: Record<Context, string> = {
  global: 'Everywhere',
  tree: 'Pipelines',
  graph: 'Graph',
  runs: 'Runs',
  logs: 'Log',
  data: 'Rows',
  code: 'Code',
  failure: 'Failure',
  tables: 'List of tables',
  help: 'List of keys',
  confirm: 'Questions',
};

/** The contexts whose keys work now: a dialog's alone, else the pane's and the global ones. */
export const activeContexts = ({ dialog, focus }: Pick<State, 'dialog' | 'focus'>): Context[] =>
  dialog ? [dialog.kind] : [focus, 'global'];

export const activeActions = (state: Pick<State, 'dialog' | 'focus'>): Action[] => {
  const contexts = activeContexts(state);
  return actions.filter(({ context }) => contexts.includes(context));
};

/** The action of a key in this state. */
export const actionFor = (state: Pick<State, 'dialog' | 'focus'>, key: string): Action | undefined =>
  activeActions(state).find(({ keys }) => keys.includes(key));
