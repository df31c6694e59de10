import type { PaneId, State } from '../state/state.ts';
import { graphView } from './graph-view.ts';
import { type Layout, layoutOf } from './layout.ts';

/** Where the panes stand in this state. */
export const stateLayout = (state: State): Layout => layoutOf(state, graphView(state).height + 2);

/** Columns and rows inside a pane's border, of which a pane that has the screen to itself has the upper row only; for a pane that is not on the screen what it would have if it were. */
export const paneInner = (state: State, pane: PaneId): { width: number; height: number } => {
  const shown = stateLayout(state).panes.find((placed) => placed.pane === pane);
  const rect = shown?.rect ?? { width: state.size.columns, height: Math.max(3, state.size.rows - 2) };
  if (state.zoomed) return { width: rect.width, height: Math.max(1, rect.height - 1) };
  return { width: Math.max(1, rect.width - 2), height: Math.max(1, rect.height - 2) };
};
