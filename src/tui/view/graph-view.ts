import type { GraphBlock } from '../../draw/graph/blocks.ts';
import { type GraphPicture, graphPicture } from '../../draw/graph/layered-view.ts';
import { railsOf } from '../../draw/graph/rails-view.ts';
import { shownBlocks } from '../state/graph-look.ts';
import { graphBlocks } from '../state/select.ts';
import { layoutOf } from './layout.ts';
import { tracked } from './tracked.ts';

export type GraphView =
  | { kind: 'layered'; blocks: GraphBlock[]; picture: GraphPicture; height: number }
  | { kind: 'rails'; blocks: GraphBlock[]; height: number };

const mostLayeredBlocks = 60;
const leastLayeredWidth = 60;
/** Wider than this many panes a picture is no picture any more. */
const mostPanes = 3;

/** Left-to-right picture or rails, by size and number of blocks; `height` is what it needs without a border. */
export const graphView = tracked((state): GraphView => {
  const blocks = shownBlocks(graphBlocks(state), state);
  const rails = (): GraphView => ({ kind: 'rails', blocks, height: railsOf(blocks).length });
  if (state.graphView === 'rails' || (blocks.length > mostLayeredBlocks && state.graphView !== 'boxes')) return rails();
  const { size, tab } = state;
  const graph = layoutOf({ size, tab, focus: 'graph' }, size.rows).panes.find(({ pane }) => pane === 'graph');
  if (!graph || graph.rect.width < leastLayeredWidth + 4) return rails();
  const [width, height] = [graph.rect.width - 3, graph.rect.height - 2];
  const picture = graphPicture(blocks, height, state.graphView === 'boxes');
  if (picture.layout.width > width * mostPanes && state.graphView !== 'boxes') return rails();
  return { kind: 'layered', blocks, picture, height: picture.layout.height };
});
