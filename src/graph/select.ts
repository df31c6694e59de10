import { ancestors, descendants, type Graph } from './graph.ts';

/** What a run executes: one block, a block and all below it, a block and all above it, or everything. */
export type BlockSelection = { block: string } | { from: string } | { upto: string } | 'all';

/** The blocks of a selection, iterating in graph order. Throws a RangeError that names a block the graph does not have. */
export const selectBlocks = (graph: Graph, selection: BlockSelection): Set<string> => {
  if (selection === 'all') return new Set(graph.nodes);
  if ('block' in selection) return new Set([known(graph, selection.block)]);
  if ('from' in selection) {
    const from = known(graph, selection.from);
    return inOrder(graph, [from, ...descendants(graph, from)]);
  }
  const upto = known(graph, selection.upto);
  return inOrder(graph, [upto, ...ancestors(graph, upto)]);
};

const inOrder = (graph: Graph, ids: string[]): Set<string> => {
  const wanted = new Set(ids);
  return new Set(graph.nodes.filter((id) => wanted.has(id)));
};

const known = (graph: Graph, id: string): string => {
  if (!graph.upstream.has(id)) throw new RangeError(`no block ${id} in the graph`);
  return id;
};
