import type { Reducer } from '../event.ts';
import type { PaneId, State, Tab } from '../state.ts';

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
    case 'graphViewToggled':
      return { ...state, graphView: state.graphView === 'auto' ? 'rails' : 'auto' };
    case 'dialog':
      return { ...state, dialog: event.dialog };
    case 'input':
      return typing(state, event.input);
    default:
      return state;
  }
};

const tabs: readonly PaneId[] = ['logs', 'data', 'code', 'failure'];

export const isTab = (pane: PaneId): pane is Tab => tabs.includes(pane);

export const focus = (state: State, pane: PaneId): State => ({
  ...state,
  focus: pane,
  tab: isTab(pane) ? pane : state.tab,
});

/** What is typed works at once: the tree narrows, the log marks. */
const typing = (state: State, input: State['input']): State => {
  if (input?.pane === 'tree') return { ...state, input, tree: { ...state.tree, filter: input.text, top: 0 } };
  if (input?.pane === 'logs') return { ...state, input, logs: { ...state.logs, search: input.text.toLowerCase() } };
  return { ...state, input };
};
