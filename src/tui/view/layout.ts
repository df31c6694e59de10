import type { Splits } from '../state/splits.ts';
import type { PaneId, State, Tab } from '../state/state.ts';

export type Rect = { x: number; y: number; width: number; height: number };

export type Layout = {
  kind: 'wide' | 'medium' | 'single' | 'tiny';
  panes: { pane: PaneId; rect: Rect }[];
};

const tiny = { columns: 40, rows: 10 };
const single = { columns: 80, rows: 20 };
const wide = 120;
const roomy = 160;

/** With its border: two lines of anything. */
const leastHeight = 4;
const leastLists = 20;
/** What the graph and the tabs keep. */
const leastRight = 60;

/**
 * Which panes there are and where. Row 0 is the header, the last row the footer. `graphHeight` is what the graph would
 * need with its border; a split that the reader has set goes before it.
 */
export const layoutOf = (
  state: Pick<State, 'size' | 'focus' | 'tab' | 'splits' | 'zoomed'>,
  graphHeight: number,
): Layout => {
  const { columns, rows } = state.size;
  const { splits } = state;
  if (columns < tiny.columns || rows < tiny.rows) return { kind: 'tiny', panes: [] };
  const body = { x: 0, y: 1, width: columns, height: rows - 2 };
  if (columns < single.columns || rows < single.rows || state.zoomed) {
    return { kind: 'single', panes: [{ pane: state.focus, rect: body }] };
  }
  const listFocused = state.focus === 'tree' || state.focus === 'runs';
  if (columns < wide) {
    return {
      kind: 'medium',
      panes: stacked(body, listFocused ? state.focus : 'graph', state.tab, graphHeight, splits),
    };
  }
  // A failure takes the width of the screen; the lists come back when they get the keys.
  if (state.tab === 'failure' && !listFocused) {
    return { kind: 'wide', panes: stacked(body, 'graph', 'failure', graphHeight, splits) };
  }
  const usual = columns >= roomy ? 36 : 28;
  const left = splits.lists === null ? usual : within(splits.lists * columns, leastLists, columns - leastRight);
  const right = { ...body, x: left, width: columns - left };
  const treeHeight = within((splits.tree ?? 0.5) * body.height, leastHeight, body.height - leastHeight);
  return {
    kind: 'wide',
    panes: [
      { pane: 'tree', rect: { ...body, width: left, height: treeHeight } },
      ...stacked(right, 'graph', state.tab, graphHeight, splits),
      { pane: 'runs', rect: { x: 0, y: body.y + treeHeight, width: left, height: body.height - treeHeight } },
    ],
  };
};

/** Upper pane as high as the graph needs, within bounds, so that the picture does not jump when lists come over it. */
const stacked = (
  area: Rect,
  upper: PaneId,
  lower: Tab,
  graphHeight: number,
  { upper: share }: Splits,
): Layout['panes'] => {
  const most = Math.max(6, Math.floor(area.height * 0.45));
  const least = Math.min(most, lower === 'failure' ? 4 : 8);
  const height =
    share === null
      ? Math.max(least, Math.min(most, graphHeight))
      : within(share * area.height, leastHeight, area.height - leastHeight);
  return [
    { pane: upper, rect: { ...area, height } },
    { pane: lower, rect: { ...area, y: area.y + height, height: area.height - height } },
  ];
};

const within = (wanted: number, least: number, most: number): number =>
  Math.max(least, Math.min(most, Math.round(wanted)));
