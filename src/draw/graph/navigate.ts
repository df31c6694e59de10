import type { GraphBlock } from './blocks.ts';
import type { GraphPicture } from './layered-view.ts';
import type { PlacedNode } from './layout.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The block one step away: along the edges to the nearest up- or downstream block, or to the next one beside it, in the
 * same rank first. Edges go to the right, in a `stacked` picture down. Null where there is none.
 */
export const neighbour = (
  { layout, kind }: Pick<GraphPicture, 'layout' | 'kind'>,
  blocks: readonly GraphBlock[],
  selected: string,
  direction: Direction,
): string | null => {
  const here = layout.nodes.find(({ id }) => id === selected);
  if (!here) return layout.nodes[0]?.id ?? null;
  const stacked = kind === 'stacked';
  const across = ({ x, y, width }: PlacedNode): number => (stacked ? x + (width >> 1) : y);
  const turned = stacked ? turnedDirection[direction] : direction;
  const candidates = layout.nodes.filter((node) => {
    if (turned === 'up') return across(node) < across(here);
    if (turned === 'down') return across(node) > across(here);
    return turned === 'right' ? feeds(here, node, blocks) : feeds(node, here, blocks);
  });
  const distance = (node: PlacedNode): number =>
    Math.abs(across(node) - across(here)) + Math.abs(node.rank - here.rank) * sameRankFirst;
  const nearest = candidates.toSorted((a, b) => distance(a) - distance(b))[0];
  return nearest?.id ?? null;
};

/** More than any graph is high or wide. */
const sameRankFirst = 10_000;

const turnedDirection: Record<Direction, Direction> = { up: 'left', down: 'right', left: 'up', right: 'down' };

const feeds = (source: PlacedNode, target: PlacedNode, blocks: readonly GraphBlock[]): boolean =>
  blocks.find(({ id }) => id === target.id)?.upstream.includes(source.id) ?? false;
