import type { Reducer } from '../event.ts';
import { withFolds } from '../graph-folds.ts';
import type { PaneId, State, Tab } from '../state.ts';
import { treeCursor, treeRows } from '../tree-rows.ts';

/** Size, clock, focus, dialogs, messages. */
export const reduceScreen: Reducer = (state, event) => {
  switch (event.type) {
    case 'resized':
      return { ...state, size: event.size };
    case 'ticked':
      return { ...state, now: event.now };
    case 'connection':
      return { ...state, connection: event.connection };
    case 'trouble':
      return event.trouble === state.trouble ? state : { ...state, trouble: event.trouble };
    case 'status':
      return event.status === state.status ? state : { ...state, status: event.status };
    case 'focused':
      return focus(state, event.pane);
    case 'splitSet':
      return { ...state, splits: event.splits };
    case 'zoomToggled':
      return { ...state, zoomed: !state.zoomed };
    case 'graphViewToggled':
      return { ...state, graphView: nextView[state.graphView] };
    case 'graphLooked':
      return { ...state, graphLook: { ...state.graphLook, ...event.look } };
    case 'graphFolded':
      return { ...state, graphFolds: withFolds(state, event.folders) };
    case 'background':
      return event.background === state.background ? state : { ...state, background: event.background };
    case 'prefixed':
      return { ...state, prefix: event.prefix };
    case 'dialog':
      return { ...state, dialog: event.dialog };
    case 'input':
      return typing(state, event.input);
    default:
      return state;
  }
};

const nextView = { auto: 'boxes', boxes: 'stacked', stacked: 'rails', rails: 'auto' } as const;

const tabs: readonly PaneId[] = ['logs', 'data', 'code', 'time', 'details', 'failure'];

export const isTab = (pane: PaneId): pane is Tab => tabs.includes(pane);

export const focus = (state: State, pane: PaneId): State => ({
  ...state,
  focus: pane,
  tab: isTab(pane) ? pane : state.tab,
});

const mostFilters = 100;

/** What is typed works at once: the lists narrow, the log marks. What was kept with enter is remembered. */
const typing = (state: State, input: State['input']): State => {
  if (input === null) return remembered({ ...state, input, logs: filtered(state) }, state.input);
  if (input.pane === 'tree') return onAMatch({ ...state, input, tree: { ...state.tree, filter: input.text, top: 0 } });
  if (input.pane === 'runs') return { ...state, input, runsFilter: input.text, runsCursor: 0 };
  if (input.pane === 'logFilter') return { ...state, input };
  return { ...state, input, logs: { ...state.logs, search: input.text.toLowerCase() } };
};

/** The cursor stands on a pipeline that fits, not on the project above it: enter opens what was looked for. */
const onAMatch = (state: State): State => {
  const rows = treeRows(state);
  if (state.tree.filter.trim() === '' || rows[treeCursor(state, rows)]?.kind !== 'project') return state;
  const first = rows.find(({ kind }) => kind === 'pipeline');
  return first ? { ...state, tree: { ...state.tree, cursor: first.key } } : state;
};

/** A regular expression is no such thing while it is typed: it filters the log once it is whole. */
const filtered = ({ input, logs }: State): State['logs'] =>
  input?.pane === 'logFilter' ? { ...logs, filter: input.text } : logs;

const remembered = (state: State, kept: State['input']): State => {
  if (!kept || kept.text.trim() === '') return state;
  const others = state.filters[kept.pane].filter((text) => text !== kept.text);
  return { ...state, filters: { ...state.filters, [kept.pane]: [kept.text, ...others].slice(0, mostFilters) } };
};
