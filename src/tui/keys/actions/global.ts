import { displayText } from '../../../draw/text-width.ts';
import { editPlace } from '../../state/edit-place.ts';
import { screenLine } from '../../state/screen-verb.ts';
import { isActive, shownRun } from '../../state/select.ts';
import type { PaneId, State } from '../../state/state.ts';
import { stateLayout } from '../../view/pane-size.ts';
import type { Action } from '../action.ts';

const show = (pane: PaneId): Pick<Action, 'context' | 'run' | 'command'> => ({
  context: 'global',
  command: (state) => screenLine({ ...state, focus: pane }).replace(/ --json$/, ''),
  run: ({ dispatch }) => dispatch({ type: 'focused', pane }),
});

/** What works everywhere: runs, panes, help, quitting (decisions.md 23). */
export const globalActions: readonly Action[] = [
  {
    id: 'run.cancel',
    also: 'stop kill abort',
    title: 'cancel',
    help: 'Cancel the shown run, after a question',
    keys: ['x'],
    context: 'global',
    footer: 4,
    dangerous: true,
    when: (state) => {
      const run = shownRun(state);
      if (!run) return 'there is no run to cancel';
      return isActive(run) ? true : `run ${displayText(run.id)} is ${run.status}, there is nothing to cancel`;
    },
    run: ({ state, dispatch }) => {
      const run = shownRun(state())!;
      const title = `cancel run ${displayText(run.id)} of ${displayText(run.pipeline ?? 'a file')}?`;
      const lines = ['Running blocks are killed, waiting ones do not start.', 'What is done stays.'];
      dispatch({
        type: 'dialog',
        dialog: { kind: 'confirm', title, lines, question: { kind: 'cancel', runId: run.id } },
      });
    },
  },
  {
    id: 'file.edit',
    also: 'open editor',
    title: 'edit',
    help: "Open the block's file in your editor ($VISUAL, $EDITOR), at the line that failed; in the tree the pipeline's",
    keys: ['e'],
    context: 'global',
    footer: 4.5,
    footerIn: { failure: 0 },
    titleNow: editTitle,
    when: (state) => (editPlace(state) ? true : 'select a block that has a file first'),
    run: ({ state, effects }) => {
      const place = editPlace(state())!;
      effects.edit(place.file, place.line);
    },
  },
  {
    id: 'screen.suspend',
    title: 'suspend',
    help: 'Give the terminal to the shell; fg comes back',
    keys: ['ctrl-z'],
    context: 'global',
    run: ({ effects }) => effects.suspend(),
  },
  { id: 'pane.tree', title: 'pipelines', help: 'Go to the pipelines', keys: ['1'], ...show('tree') },
  { id: 'pane.graph', title: 'graph', help: 'Go to the graph', keys: ['2'], ...show('graph') },
  { id: 'pane.runs', title: 'runs', help: 'Go to the runs', keys: ['3'], ...show('runs') },
  { id: 'pane.logs', title: 'logs', help: 'Go to the log', keys: ['4'], footer: 10, ...show('logs') },
  { id: 'pane.data', title: 'data', help: 'Go to the rows', keys: ['5'], footer: 11, ...show('data') },
  { id: 'pane.code', title: 'code', help: "Go to the block's code", keys: ['6'], ...show('code') },
  { id: 'pane.time', title: 'time', help: 'Go to the timeline', keys: ['7'], ...show('time') },
  {
    id: 'pane.details',
    also: 'diff compare code',
    title: 'details',
    help: 'Go to the details and the comparison of runs',
    keys: ['8'],
    ...show('details'),
  },
  {
    id: 'pane.next',
    title: 'next pane',
    help: 'Go to the next pane',
    keys: ['tab'],
    context: 'global',
    run: ({ state, dispatch }) => dispatch({ type: 'focused', pane: paneAfter(state(), 1) }),
  },
  {
    id: 'pane.previous',
    title: 'previous pane',
    help: 'Go to the previous pane',
    keys: ['shift-tab'],
    context: 'global',
    run: ({ state, dispatch }) => dispatch({ type: 'focused', pane: paneAfter(state(), -1) }),
  },
  {
    id: 'tables.open',
    also: 'database catalog',
    title: 'tables',
    help: "Show schemas, tables, columns and indexes of the project's database, and the rows of a table",
    keys: ['T'],
    context: 'global',
    footer: 12,
    when: (state) => (state.instance?.projects.length ? true : 'there is no project whose tables could be listed'),
    run: ({ effects }) => effects.openTables(),
  },
  {
    id: 'help.open',
    also: 'shortcuts bindings',
    title: 'keys',
    help: 'Show the keys that work here',
    keys: ['?', 'f1'],
    context: 'global',
    footer: 99,
    run: ({ dispatch }) => dispatch({ type: 'dialog', dialog: { kind: 'help', filter: '', top: 0 } }),
  },
  {
    id: 'view.back',
    title: 'back',
    help: 'One level up: from a pane to the graph, from a table to the block, from a block to the whole run',
    keys: ['esc'],
    context: 'global',
    run: goBack,
  },
  {
    id: 'view.close',
    also: 'exit',
    title: 'quit',
    help: 'Close the view; at the graph quit. Runs go on without the workbench',
    keys: ['q'],
    context: 'global',
    footer: 90,
    run: ({ state, dispatch, quit }) => (atRoot(state()) ? quit() : dispatch({ type: 'focused', pane: 'graph' })),
  },
  {
    id: 'quit',
    also: 'exit',
    title: 'quit',
    help: 'Quit from anywhere. Runs go on without the workbench',
    keys: ['ctrl-c'],
    context: 'global',
    run: ({ quit }) => quit(),
  },
];

function editTitle(state: State): string {
  const line = editPlace(state)?.line ?? null;
  return line === null ? 'edit' : `edit line ${line}`;
}

const atRoot = ({ focus }: State): boolean => focus === 'graph' || focus === 'tree';

function goBack({ state, dispatch }: Parameters<Action['run']>[0]): void {
  const { focus, data, block, logs, zoomed } = state();
  const filtered = filterOf(state());
  if (focus === 'logs' && logs.anchor !== null) dispatch({ type: 'logAnchored', anchored: false });
  else if (filtered) {
    dispatch({ type: 'input', input: { pane: filtered, text: '', before: '' } });
    dispatch({ type: 'input', input: null });
  } else if (zoomed) dispatch({ type: 'zoomToggled' });
  else if (focus === 'data' && data.trouble && data.look.sort)
    // A kept order of a column that is gone would shut the rows for good.
    dispatch({ type: 'lookChanged', look: { sort: null, where: '' } });
  else if (focus === 'data' && data.look.where !== '') dispatch({ type: 'lookChanged', look: { where: '' } });
  else if (focus === 'data' && data.query) dispatch({ type: 'queryShown', query: null });
  else if (focus === 'data' && data.table) dispatch({ type: 'tableChosen', table: null });
  else if (focus !== 'graph') dispatch({ type: 'focused', pane: 'graph' });
  else if (block && logs.scope === 'block') dispatch({ type: 'blockReleased' });
}

/** The pane that has the keys, if something is typed into its filter or its search. */
const filterOf = ({ focus, tree, runsFilter, logs }: State): 'tree' | 'runs' | 'logs' | 'logFilter' | null => {
  if (focus === 'tree' && tree.filter !== '') return 'tree';
  if (focus === 'runs' && runsFilter !== '') return 'runs';
  if (focus === 'logs' && logs.search !== '') return 'logs';
  return focus === 'logs' && logs.filter !== '' ? 'logFilter' : null;
};

/** Panes in the order of the screen; where only one is shown, in the order of their numbers. */
const paneAfter = (state: State, step: 1 | -1): PaneId => {
  const layout = stateLayout(state);
  const panes: PaneId[] =
    layout.kind === 'wide' ? layout.panes.map(({ pane }) => pane) : ['tree', 'graph', 'runs', state.tab];
  const at = panes.indexOf(state.focus);
  return panes[(at + step + panes.length) % panes.length]!;
};
