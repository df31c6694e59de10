import type { GraphBlock } from './blocks.ts';
import type { GraphLayout, PlacedNode } from './layout.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The block one step away: along the edges to the nearest up- or downstream block, or to the next one above or below,
 * in the same rank first. Null where there is none.
 */
export const neighbour = (
  layout: GraphLayout,
  blocks: readonly GraphBlock[],
  selected: string,
  direction: Direction,
): string | null => {
  const here = layout.nodes.find(({ id }) => id === selected);
  if (!here) return layout.nodes[0]?.id ?? null;
  const candidates = layout.nodes.filter((node) => isTowards(node, here, direction, blocks));
  const distance = (node: PlacedNode): number =>
    Math.abs(node.y - here.y) + Math.abs(node.rank - here.rank) * sameRankFirst;
  const nearest = candidates.toSorted((a, b) => distance(a) - distance(b))[0];
  return nearest?.id ?? null;
};

/** More than any graph is high. */
const sameRankFirst = 10_000;

const isTowards = (
  node: PlacedNode,
  here: PlacedNode,
  direction: Direction,
  blocks: readonly GraphBlock[],
): boolean => {
  if (direction === 'up') return node.y < here.y;
  if (direction === 'down') return node.y > here.y;
  const [later, earlier] = direction === 'right' ? [node.id, here.id] : [here.id, node.id];
  return blocks.find(({ id }) => id === later)?.upstream.includes(earlier) ?? false;
};
