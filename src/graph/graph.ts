/** A directed graph of block uuids. Nodes and neighbours keep the order they were given in: everything here is deterministic. */
export type Graph = {
  nodes: readonly string[];
  upstream: ReadonlyMap<string, readonly string[]>;
  downstream: ReadonlyMap<string, readonly string[]>;
};

export type GraphNode = { id: string; upstream: readonly string[] };

/** Builds a graph from upstream edges. Edges to unknown nodes, doubled edges and a node's second mention are dropped. */
export const buildGraph = (nodes: readonly GraphNode[]): Graph => {
  const ids = [...new Set(nodes.map((node) => node.id))];
  const known = new Set(ids);
  const upstream = new Map<string, string[]>();
  const downstream = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const node of nodes) {
    if (upstream.has(node.id)) continue;
    const parents = [...new Set(node.upstream)].filter((parent) => known.has(parent));
    upstream.set(node.id, parents);
    for (const parent of parents) downstream.get(parent)!.push(node.id);
  }
  return { nodes: ids, upstream, downstream };
};

/** One cycle as a path that begins and ends with the same node (`[a, b, a]`), the one given first, or null. A node that is its own upstream is `[a, a]`. */
export const findCycle = (graph: Graph): string[] | null => {
  const stuck = new Set(graph.nodes);
  for (const id of sortableNodes(graph)) stuck.delete(id);
  const start = graph.nodes.find((id) => stuck.has(id));
  if (start === undefined) return null;
  // Every stuck node has a stuck upstream, so walking up must meet a node again.
  const path: string[] = [];
  const seenAt = new Map<string, number>();
  let current = start;
  while (!seenAt.has(current)) {
    seenAt.set(current, path.length);
    path.push(current);
    current = graph.upstream.get(current)!.find((parent) => stuck.has(parent))!;
  }
  const loop = path.slice(seenAt.get(current)!).reverse();
  const first = loop.indexOf(graph.nodes.find((id) => loop.includes(id))!);
  return [...loop.slice(first), ...loop.slice(0, first + 1)];
};

/** Every node after all its upstream nodes; among free nodes the one given first comes first. Throws a RangeError on a cycle. */
export const topologicalOrder = (graph: Graph): string[] => {
  const order = sortableNodes(graph);
  if (order.length < graph.nodes.length) throw new RangeError(`cycle: ${findCycle(graph)!.join(' --> ')}`);
  return order;
};

/** All nodes from which `id` can be reached, without `id` itself unless it lies on a cycle. In graph order. */
export const ancestors = (graph: Graph, id: string): string[] => reachable(graph, id, graph.upstream);

/** All nodes that can be reached from `id`, without `id` itself unless it lies on a cycle. In graph order. */
export const descendants = (graph: Graph, id: string): string[] => reachable(graph, id, graph.downstream);

const reachable = (graph: Graph, id: string, next: Graph['upstream']): string[] => {
  const found = new Set<string>();
  const open = [...(next.get(id) ?? [])];
  while (open.length > 0) {
    const node = open.pop()!;
    if (found.has(node)) continue;
    found.add(node);
    open.push(...next.get(node)!);
  }
  return graph.nodes.filter((node) => found.has(node));
};

/** Topological order of what lies on no cycle and below none. */
const sortableNodes = (graph: Graph): string[] => {
  const position = new Map(graph.nodes.map((id, index) => [id, index]));
  const waitingFor = new Map(graph.nodes.map((id) => [id, graph.upstream.get(id)!.length]));
  const free = smallestFirst(graph.nodes.flatMap((id, index) => (waitingFor.get(id) === 0 ? [index] : [])));
  const order: string[] = [];
  for (let index = free.take(); index !== undefined; index = free.take()) {
    const id = graph.nodes[index]!;
    order.push(id);
    for (const child of graph.downstream.get(id)!) {
      const left = waitingFor.get(child)! - 1;
      waitingFor.set(child, left);
      if (left === 0) free.add(position.get(child)!);
    }
  }
  return order;
};

/** A list of numbers kept sorted, largest first inside, so that taking the smallest is a pop. */
const smallestFirst = (initial: number[]) => {
  const kept = [...initial].sort((a, b) => b - a);
  const add = (value: number): void => {
    let low = 0;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (kept[middle]! > value) low = middle + 1;
      else high = middle;
    }
    kept.splice(low, 0, value);
  };
  return { add, take: () => kept.pop() };
};
