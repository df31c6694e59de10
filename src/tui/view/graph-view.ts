import type { GraphBlock } from '../../draw/graph/blocks.ts';
import { type GraphPicture, graphPicture } from '../../draw/graph/layered-view.ts';
import { railsOf } from '../../draw/graph/rails-view.ts';
import { graphBlocks } from '../state/select.ts';
import type { State } from '../state/state.ts';
import { layoutOf } from './layout.ts';

export type GraphView =
  | { kind: 'layered'; blocks: GraphBlock[]; picture: GraphPicture; height: number }
  | { kind: 'rails'; blocks: GraphBlock[]; height: number };

const mostLayeredBlocks = 60;
const leastLayeredWidth = 60;
/** Wider than this many panes a picture is no picture any more. */
const mostPanes = 3;

let last: { snapshot: State['snapshot']; instance: State['instance']; key: string; view: GraphView } | undefined;

/** Left-to-right picture or rails, by size and number of blocks; `height` is what it needs without a border. */
export const graphView = (state: State): GraphView => {
  const key = JSON.stringify([state.size, state.pipeline, state.graphView, state.now, state.tab, state.focus]);
  if (last && last.snapshot === state.snapshot && last.instance === state.instance && last.key === key)
    return last.view;
  const view = choose(state);
  last = { snapshot: state.snapshot, instance: state.instance, key, view };
  return view;
};

const choose = (state: State): GraphView => {
  const blocks = graphBlocks(state);
  const rails = (): GraphView => ({ kind: 'rails', blocks, height: railsOf(blocks).length });
  if (state.graphView === 'rails' || blocks.length > mostLayeredBlocks) return rails();
  const graph = layoutOf({ ...state, focus: 'graph' }, state.size.rows).panes.find(({ pane }) => pane === 'graph');
  if (!graph || graph.rect.width < leastLayeredWidth + 4) return rails();
  const [width, height] = [graph.rect.width - 3, graph.rect.height - 2];
  const picture = graphPicture(blocks, height);
  if (picture.layout.width > width * mostPanes) return rails();
  return { kind: 'layered', blocks, picture, height: picture.layout.height };
};
