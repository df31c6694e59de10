import type { Splits } from '../../state/splits.ts';
import { noSplits } from '../../state/splits.ts';
import type { PaneId, State } from '../../state/state.ts';
import { graphView } from '../../view/graph-view.ts';
import { layoutOf } from '../../view/layout.ts';
import { stateLayout } from '../../view/pane-size.ts';
import type { Action } from '../action.ts';

/** Rows and columns that an edge moves by. */
const step = { height: 1, width: 2 };

/** The splits after the pane with the keys has grown or shrunk; null where there is no such edge, or no room. */
const moved = (state: State, side: 'height' | 'width', by: 1 | -1): Splits | null => {
  const { focus, splits } = state;
  const layout = stateLayout(state);
  const rectOf = (pane: PaneId) => layout.panes.find((placed) => placed.pane === pane)?.rect;
  const isList = layout.kind === 'wide' && (focus === 'tree' || focus === 'runs');
  const rect = rectOf(focus);
  if (!rect || layout.kind === 'single' || layout.kind === 'tiny') return null;
  const total = state.size.rows - 2;
  // The first of two panes grows when the edge goes down or to the right, the second one when it goes back.
  const size = (first: { height: number; width: number } | undefined, isFirst: boolean): number | null =>
    first ? first[side] + (isFirst ? by : -by) * step[side] : null;
  const next = ((): Splits | null => {
    if (side === 'width') {
      const columns = layout.kind === 'wide' ? size(rectOf('tree'), isList) : null;
      return columns === null ? null : { ...splits, lists: columns / state.size.columns };
    }
    const isUpper = rect.y === 1;
    const upper = isUpper ? rect : layout.panes.find((placed) => placed.rect.x === rect.x && placed.rect.y === 1)?.rect;
    const rows = size(upper, isUpper);
    if (rows === null) return null;
    return isList ? { ...splits, tree: rows / total } : { ...splits, upper: rows / total };
  })();
  if (next === null) return null;
  const after = layoutOf({ ...state, splits: next }, graphView(state).height + 2).panes.find(
    ({ pane }) => pane === focus,
  )?.rect;
  return after?.[side] === rect[side] ? null : next;
};

const resize = (id: string, keys: string[], help: string, side: 'height' | 'width', by: 1 | -1): Action => ({
  id: `split.${id}`,
  also: 'resize split pane size',
  title: id,
  help,
  keys,
  context: 'global',
  when: (state) => {
    if (moved(state, side, by)) return true;
    const { kind } = stateLayout(state);
    if (kind === 'single') return 'there is one pane at a time on this screen';
    const isWide = side === 'width' && kind !== 'wide';
    return isWide ? 'the panes have the whole width below 120 columns' : 'there is no more room';
  },
  run: ({ state, dispatch }) => dispatch({ type: 'splitSet', splits: moved(state(), side, by)! }),
});

/** Edges between panes. */
export const splitActions: readonly Action[] = [
  {
    id: 'split.zoom',
    also: 'full screen maximise resize split',
    title: 'zoom',
    help: 'Give this pane the whole screen, without borders, or show all panes again',
    keys: ['+'],
    context: 'global',
    run: ({ dispatch }) => dispatch({ type: 'zoomToggled' }),
  },
  resize('higher', ['z +'], 'Make this pane a line higher', 'height', 1),
  resize('lower', ['z -'], 'Make this pane a line lower', 'height', -1),
  resize('wider', ['z >'], 'Make this pane wider', 'width', 1),
  resize('narrower', ['z <'], 'Make this pane narrower', 'width', -1),
  {
    id: 'split.reset',
    also: 'resize split pane size',
    title: 'reset',
    help: 'Put the edges of all panes back to where they stand by themselves',
    keys: ['z ='],
    context: 'global',
    when: ({ splits }) => (splits === noSplits ? 'all edges stand by themselves' : true),
    run: ({ dispatch }) => dispatch({ type: 'splitSet', splits: noSplits }),
  },
];
