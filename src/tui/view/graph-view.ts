import { type FoldedGraph, foldBlocks } from '../../draw/graph/fold.ts';
import { type GraphPicture, graphPicture } from '../../draw/graph/layered-view.ts';
import { railsOf } from '../../draw/graph/rails-view.ts';
import { foldedFolder } from '../state/graph-folds.ts';
import { shownBlocks } from '../state/graph-look.ts';
import { graphBlocks } from '../state/select.ts';
import { layoutOf } from './layout.ts';
import { tracked } from './tracked.ts';

/** `blocks` are the nodes on the screen: blocks, and boxes of folded folders. */
export type GraphView = FoldedGraph & { height: number } & (
    | { kind: 'layered'; picture: GraphPicture }
    | { kind: 'rails' }
  );

/** The node that shows the selected block; null where it is not on the screen. */
export const selectedNode = ({ nodeOf }: GraphView, block: string | null): string | null =>
  block === null ? null : (nodeOf.get(block) ?? null);

const mostLayeredBlocks = 60;
const leastLayeredWidth = 60;
/** Wider than this many panes a picture is no picture any more. */
const mostPanes = 3;

/** Left-to-right picture or rails, by size and number of blocks; `height` is what it needs without a border. */
export const graphView = tracked((state): GraphView => {
  const folded = foldBlocks(shownBlocks(graphBlocks(state), state), (id) => foldedFolder(state, id));
  const { blocks } = folded;
  const rails = (): GraphView => ({ kind: 'rails', ...folded, height: railsOf(blocks).length });
  if (state.graphView === 'rails' || (blocks.length > mostLayeredBlocks && state.graphView !== 'boxes')) return rails();
  const { size, tab } = state;
  const graph = layoutOf({ size, tab, focus: 'graph' }, size.rows).panes.find(({ pane }) => pane === 'graph');
  if (!graph || graph.rect.width < leastLayeredWidth + 4) return rails();
  const [width, height] = [graph.rect.width - 3, graph.rect.height - 2];
  const picture = graphPicture(blocks, height, state.graphView === 'boxes');
  if (picture.layout.width > width * mostPanes && state.graphView !== 'boxes') return rails();
  return { kind: 'layered', ...folded, picture, height: picture.layout.height };
});
