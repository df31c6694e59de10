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

/**
 * The drawing of the graph. By size: labels on lines if they fit the pane's width, boxes from top to bottom if those fit it whole, lines again
 * as long as one has to go a few panes to the right at most, else rails. `height` is what it needs without a border.
 */
export const graphView = tracked((state): GraphView => {
  const folded = foldBlocks(shownBlocks(graphBlocks(state), state), (id) => foldedFolder(state, id));
  const { blocks } = folded;
  const { graphView: wanted, size, tab, splits } = state;
  const rails = (): GraphView => ({ kind: 'rails', ...folded, height: railsOf(blocks).length });
  const layered = (picture: GraphPicture): GraphView => ({
    kind: 'layered',
    ...folded,
    picture,
    height: picture.layout.height,
  });
  const byChoice = wanted === 'boxes' || wanted === 'stacked';
  if (wanted === 'rails' || (blocks.length > mostLayeredBlocks && !byChoice)) return rails();
  // Asked only where it matters: else each change of focus would make the view anew.
  const zoomed = state.zoomed && state.focus === 'graph';
  const graph = layoutOf({ size, tab, splits, zoomed, focus: 'graph' }, size.rows).panes.find(
    ({ pane }) => pane === 'graph',
  );
  if (!graph || graph.rect.width < leastLayeredWidth + 4) return rails();
  const [width, height] = [graph.rect.width - 3, graph.rect.height - 2];
  if (byChoice) return layered(graphPicture(blocks, height, wanted));
  const lines = graphPicture(blocks, height);
  if (lines.layout.width <= width) return layered(lines);
  const stacked = graphPicture(blocks, height, 'stacked');
  if (stacked.layout.width <= width && stacked.layout.height <= height) return layered(stacked);
  return lines.layout.width > width * mostPanes ? rails() : layered(lines);
});
