import { frame } from '../../draw/frame.ts';
import type { Theme } from '../../draw/theme.ts';
import type { PaneId, State } from '../state/state.ts';
import { dialogBox } from './dialogs.ts';
import { footerLine } from './footer.ts';
import { headerLine } from './header.ts';
import type { Rect } from './layout.ts';
import { stateLayout } from './pane-size.ts';
import { failurePane } from './panes/failure.ts';
import { graphPane } from './panes/graph.ts';
import { type PaneContent, type PaneSize, runsPane, treePane } from './panes/lists.ts';
import { codePane, dataPane, logsPane } from './panes/tabs.ts';
import { tooSmall } from './too-small.ts';

/** A part of the screen: ready lines at a place. Later parts lie above earlier ones. */
export type Part = { key: string; rect: Rect; lines: string[] };

const panes: Record<PaneId, (state: State, size: PaneSize, theme: Theme) => PaneContent> = {
  tree: treePane,
  graph: graphPane,
  runs: runsPane,
  logs: logsPane,
  data: dataPane,
  code: codePane,
  failure: failurePane,
};

/** The whole screen of a state as parts with exact sizes: state in, strings out. */
export const screenParts = (state: State, theme: Theme): Part[] => {
  const { columns, rows } = state.size;
  const layout = stateLayout(state);
  if (layout.kind === 'tiny') return [tooSmall(state.size, theme)];
  const parts: Part[] = [part('header', { x: 0, y: 0, width: columns, height: 1 }, [headerLine(state, theme)])];
  for (const { pane, rect } of layout.panes) parts.push(part(pane, rect, drawPane(state, pane, rect, theme)));
  parts.push(part('footer', { x: 0, y: rows - 1, width: columns, height: 1 }, [footerLine(state, theme)]));
  const dialog = dialogBox(state, theme);
  return dialog ? [...parts, dialog] : parts;
};

const part = (key: string, rect: Rect, lines: string[]): Part => ({ key, rect, lines });

const drawPane = (state: State, pane: PaneId, { width, height }: Rect, theme: Theme): string[] => {
  const focused = state.focus === pane && !state.dialog;
  const content = panes[pane](state, { width: width - 2, height: height - 2, focused }, theme);
  return frame({ ...content, width, height, focused }, theme);
};
