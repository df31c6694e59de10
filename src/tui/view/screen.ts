import { frame } from '../../draw/frame.ts';
import { span } from '../../draw/line.ts';
import type { Theme } from '../../draw/theme.ts';
import { isTab } from '../state/reduce/screen.ts';
import type { PaneId, State } from '../state/state.ts';
import { dialogBox } from './dialogs.ts';
import { footerLine } from './footer.ts';
import { headerLine } from './header.ts';
import type { Rect } from './layout.ts';
import { stateLayout } from './pane-size.ts';
import { dataPane } from './panes/data.ts';
import { detailsPane } from './panes/details.ts';
import { failurePane } from './panes/failure.ts';
import { graphPane } from './panes/graph.ts';
import { type PaneContent, type PaneSize, runsPane, treePane } from './panes/lists.ts';
import { logsPane } from './panes/logs.ts';
import { codePane, tabTitle } from './panes/tabs.ts';
import { timePane } from './panes/time.ts';
import { tooSmall } from './too-small.ts';
import { tracked } from './tracked.ts';

/** A part of the screen: ready lines at a place. Later parts lie above earlier ones. */
export type Part = { key: string; rect: Rect; lines: readonly string[] };

const panes: Record<PaneId, (state: State, size: PaneSize, theme: Theme) => PaneContent> = {
  tree: treePane,
  graph: graphPane,
  runs: runsPane,
  logs: logsPane,
  data: dataPane,
  code: codePane,
  time: timePane,
  details: detailsPane,
  failure: failurePane,
};

/** The whole screen of a state as parts with exact sizes: state in, strings out. A part whose inputs are as before is not drawn again. */
export const screenParts = (state: State, theme: Theme): Part[] => {
  const { columns, rows } = state.size;
  const layout = stateLayout(state);
  if (layout.kind === 'tiny') return [tooSmall(state.size, theme)];
  const parts: Part[] = [
    { key: 'header', rect: { x: 0, y: 0, width: columns, height: 1 }, lines: header(state, theme) },
  ];
  for (const { pane, rect } of layout.panes) {
    const focused = state.focus === pane && !state.dialog;
    parts.push({ key: pane, rect, lines: drawn[pane](state, rect.width, rect.height, focused, theme) });
  }
  parts.push({ key: 'footer', rect: { x: 0, y: rows - 1, width: columns, height: 1 }, lines: footer(state, theme) });
  const dialog = dialogBox(state, theme);
  return dialog ? [...parts, dialog] : parts;
};

const drawnPane = (pane: PaneId, content: (typeof panes)[PaneId]) =>
  tracked((state, width: number, height: number, focused: boolean, theme: Theme): string[] => {
    const bare = state.zoomed;
    const size = bare ? { width, height: height - 1 } : { width: width - 2, height: height - 2 };
    const inner = content(state, { ...size, focused }, theme);
    const note = bare ? [...(inner.note ?? []), span('+ all panes', 'muted')] : inner.note;
    const shortTitle =
      inner.shortTitle ?? (isTab(pane) && pane !== 'failure' ? tabTitle(state, theme, true) : inner.title);
    return frame({ ...inner, note, bare, shortTitle, width, height, focused }, theme);
  });

const drawn = Object.fromEntries(
  Object.entries(panes).map(([pane, content]) => [pane, drawnPane(pane as PaneId, content)]),
) as Record<PaneId, ReturnType<typeof drawnPane>>;
const header = tracked((state, theme: Theme) => [headerLine(state, theme)]);
const footer = tracked((state, theme: Theme) => [footerLine(state, theme)]);
