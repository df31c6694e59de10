import type { GraphBlock } from '../../draw/graph/blocks.ts';
import type { GraphViewport } from '../../draw/graph/layered-view.ts';
import type { State } from './state.ts';

/**
 * What stands out in the graph: all that is up- or downstream of the selected block; the block whose cone alone is shown;
 * and the node that was put in the middle of the pane, which it keeps whenever it is selected.
 */
export type GraphLook = { highlight: 'up' | 'down' | null; cone: string | null; centred: string | null };

export const plainGraph: GraphLook = { highlight: null, cone: null, centred: null };

/** Everything above or below a block, itself not included. */
export const reach = (blocks: readonly GraphBlock[], from: string, side: 'up' | 'down'): Set<string> => {
  const next = new Map<string, string[]>();
  for (const { id, upstream } of blocks) {
    for (const source of upstream) {
      const [key, value] = side === 'up' ? [id, source] : [source, id];
      next.set(key, [...(next.get(key) ?? []), value]);
    }
  }
  const found = new Set<string>();
  const waiting = [...(next.get(from) ?? [])];
  while (waiting.length > 0) {
    const id = waiting.pop()!;
    if (found.has(id) || id === from) continue;
    found.add(id);
    waiting.push(...(next.get(id) ?? []));
  }
  return found;
};

/** The blocks on the screen: all, or the block that is focused on with what is above and below it. */
export const shownBlocks = (blocks: GraphBlock[], { graphLook: { cone } }: Pick<State, 'graphLook'>): GraphBlock[] => {
  if (cone === null || !blocks.some(({ id }) => id === cone)) return blocks;
  const kept = new Set([cone, ...reach(blocks, cone, 'up'), ...reach(blocks, cone, 'down')]);
  return blocks.filter(({ id }) => kept.has(id));
};

/** What stands out of the nodes on the screen, of which `selected` is one. */
export const litBlocks = (
  blocks: readonly GraphBlock[],
  selected: string | null,
  { highlight }: GraphLook,
): GraphViewport['lit'] => {
  if (highlight === null || selected === null) return null;
  const reached = reach(blocks, selected, highlight);
  // Lines belong to the block that they come from.
  return {
    blocks: new Set([selected, ...reached]),
    sources: highlight === 'up' ? reached : new Set([selected, ...reached]),
  };
};
