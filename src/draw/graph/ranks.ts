/** A node of a drawn graph; `width` in columns is that of its label, `name` that of the part its lines leave from. */
export type DrawnNode = {
  id: string;
  upstream: readonly string[];
  width: number;
  name?: number;
  /** Where nodes differ in it: cells across the direction of the lines, and how many of them stand before the line. */
  across?: { size: number; before: number };
};

/** Nodes by index with their edges; unknown upstreams, loops and edges that would close a cycle are left out. */
export type Edges = { upstream: number[][]; downstream: number[][]; order: number[] };

/** The acyclic edges of a pipeline, and a topological order that follows the order of the file. */
export const acyclicEdges = (nodes: readonly DrawnNode[]): Edges => {
  const indexOf = new Map(nodes.map(({ id }, index) => [id, index]));
  const upstream = nodes.map(({ upstream: names }, index) => [
    ...new Set(names.map((name) => indexOf.get(name)).filter((other) => other !== undefined && other !== index)),
  ]) as number[][];
  const state = new Uint8Array(nodes.length);
  const order: number[] = [];
  // Depth first without recursion: a pipeline of 10,000 blocks in a row must not overflow the stack.
  for (let start = 0; start < nodes.length; start++) {
    if (state[start] !== 0) continue;
    const stack = [{ node: start, next: 0 }];
    state[start] = 1;
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const other = upstream[top.node]![top.next];
      if (other === undefined) {
        state[top.node] = 2;
        order.push(top.node);
        stack.pop();
      } else if (state[other] === 1) {
        upstream[top.node]!.splice(top.next, 1);
      } else {
        top.next += 1;
        if (state[other] === 0) {
          state[other] = 1;
          stack.push({ node: other, next: 0 });
        }
      }
    }
  }
  const downstream: number[][] = nodes.map(() => []);
  for (let node = 0; node < nodes.length; node++) for (const other of upstream[node]!) downstream[other]!.push(node);
  return { upstream, downstream, order };
};

/** Rank of each node: longest path from a start, then nodes that feed more than they take move towards what they feed. */
export const rankNodes = ({ upstream, downstream, order }: Edges): number[] => {
  const rank: number[] = new Array(order.length).fill(0);
  for (const node of order) rank[node] = Math.max(-1, ...upstream[node]!.map((other) => rank[other]!)) + 1;
  for (const node of order.toReversed()) {
    if (downstream[node]!.length > upstream[node]!.length) {
      rank[node] = Math.min(...downstream[node]!.map((other) => rank[other]!)) - 1;
    }
  }
  return rank;
};
