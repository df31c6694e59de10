import type { Dialog, State } from '../state/state.ts';
import type { Action, Context } from './action.ts';
import { catalogActions } from './actions/catalog.ts';
import { commandActions } from './actions/commands.ts';
import { copyActions } from './actions/copy.ts';
import { codeActions, dataActions } from './actions/data.ts';
import { dataDialogActions } from './actions/data-dialogs.ts';
import { dataLookActions } from './actions/data-look.ts';
import { dataToolActions } from './actions/data-tools.ts';
import { dialogActions } from './actions/dialogs.ts';
import { failureActions } from './actions/failure.ts';
import { globalActions } from './actions/global.ts';
import { graphActions } from './actions/graph.ts';
import { graphFoldActions } from './actions/graph-folds.ts';
import { historyActions } from './actions/history.ts';
import { runsActions, treeActions } from './actions/lists.ts';
import { logActions } from './actions/logs.ts';
import { paletteActions } from './actions/palette.ts';
import { planActions } from './actions/plan.ts';
import { rerunActions } from './actions/reruns.ts';
import { similarActions } from './actions/similar.ts';
import { splitActions } from './actions/splits.ts';
import { timeActions } from './actions/time.ts';
import { keysOf } from './keymap.ts';

/** The table of all actions. Nothing else binds a key. */
export const actions: readonly Action[] = [
  ...rerunActions,
  ...globalActions,
  ...treeActions,
  ...graphActions,
  ...graphFoldActions,
  ...runsActions,
  ...logActions,
  ...dataActions,
  ...dataLookActions,
  ...dataDialogActions,
  ...dataToolActions,
  ...catalogActions,
  ...codeActions,
  ...timeActions,
  ...failureActions,
  ...similarActions,
  ...historyActions,
  ...splitActions,
  ...paletteActions,
  ...planActions,
  ...copyActions,
  ...commandActions,
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
  time: 'Timeline',
  details: 'Details',
  failure: 'Failure',
  text: 'Value and record',
  profile: 'Column profile',
  columns: 'Choice of columns',
  prompt: 'Asking for a line',
  export: 'Export',
  diff: 'Comparison of two runs',
  console: 'SQL console',
  charts: 'Charts',
  tables: 'Tree of tables',
  help: 'List of keys',
  confirm: 'Questions',
  name: 'Questions that want a name typed',
  palette: 'Palette',
  plan: 'Plan of a rerun',
  edit: 'A field of the plan',
  copy: 'Copy menu',
  commands: 'Command log',
  similar: 'Runs with the same failure',
};

type Keyed = Pick<State, 'dialog' | 'focus' | 'keymap'>;

/** The contexts whose keys work now: a dialog's alone, else the pane's and the global ones. */
const activeContexts = ({ dialog, focus }: Keyed): Context[] => (dialog ? [contextOf(dialog)] : [focus, 'global']);

const contextOf = (dialog: Dialog): Context => {
  if (dialog.kind === 'plan' && dialog.editing) return 'edit';
  return dialog.kind === 'confirm' && dialog.name !== undefined ? 'name' : dialog.kind;
};

/** The actions of these contexts with the keys that are theirs here: built in, or of keys.yaml. */
export const activeActions = (state: Keyed): Action[] => {
  const contexts = activeContexts(state);
  return keyedActions(state).filter(({ context }) => contexts.includes(context));
};

/** All actions with the keys that a keymap gives them. */
export const keyedActions = ({ keymap }: Pick<State, 'keymap'>): Action[] =>
  actions.map((action) => (keymap.has(action.id) ? { ...action, keys: keysOf(action, keymap) } : action));

/** The action of a key in this state. */
export const actionFor = (state: Keyed, key: string): Action | undefined =>
  activeActions(state).find(({ keys }) => keys.includes(key));
