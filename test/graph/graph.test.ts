import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ancestors,
  buildGraph,
  descendants,
  findCycle,
  type GraphNode,
  topologicalOrder,
} from '../../src/graph/graph.ts';

const diamond: GraphNode[] = [
  { id: 'd', upstream: ['b', 'c'] },
  { id: 'a', upstream: [] },
  { id: 'b', upstream: ['a'] },
  { id: 'c', upstream: ['a'] },
];

describe('buildGraph', () => {
  it('derives downstream edges, in file order', () => {
    const graph = buildGraph(diamond);
    expect(graph.downstream.get('a')).toEqual(['b', 'c']);
    expect(graph.upstream.get('d')).toEqual(['b', 'c']);
  });

  it('drops edges to unknown nodes, doubled edges and second mentions', () => {
    const graph = buildGraph([
      { id: 'a', upstream: ['ghost'] },
      { id: 'b', upstream: ['a', 'a'] },
      { id: 'b', upstream: [] },
    ]);
    expect(graph.nodes).toEqual(['a', 'b']);
    expect(graph.upstream.get('a')).toEqual([]);
    expect(graph.upstream.get('b')).toEqual(['a']);
  });

  it('takes names that objects have by birth', () => {
    const graph = buildGraph([
      { id: '__proto__', upstream: [] },
      { id: 'constructor', upstream: ['__proto__'] },
    ]);
    expect(topologicalOrder(graph)).toEqual(['__proto__', 'constructor']);
  });
});

describe('topologicalOrder', () => {
  it('puts every block after its upstream blocks and breaks ties by file order', () => {
    expect(topologicalOrder(buildGraph(diamond))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('refuses a cycle and names it', () => {
    const graph = buildGraph([
      { id: 'a', upstream: ['b'] },
      { id: 'b', upstream: ['a'] },
    ]);
    expect(() => topologicalOrder(graph)).toThrow('cycle: ');
  });

  it('respects every edge of any acyclic graph', () => {
    fc.assert(
      fc.property(acyclicNodes, (nodes) => {
        const graph = buildGraph(nodes);
        const order = topologicalOrder(graph);
        expect([...order].sort()).toEqual([...graph.nodes].sort());
        const position = new Map(order.map((id, index) => [id, index]));
        for (const node of nodes) {
          for (const parent of node.upstream) expect(position.get(parent)!).toBeLessThan(position.get(node.id)!);
        }
      }),
    );
  });

  it('sorts a chain of 20,000 blocks', () => {
    const nodes = Array.from({ length: 20_000 }, (_, index) => ({
      id: `b${index}`,
      upstream: index === 19_999 ? [] : [`b${index + 1}`],
    }));
    expect(topologicalOrder(buildGraph(nodes)).slice(0, 2)).toEqual(['b19999', 'b19998']);
  });
});

describe('findCycle', () => {
  it('answers a path along the edges that ends where it began', () => {
    const graph = buildGraph([
      { id: 'start', upstream: [] },
      { id: 'a', upstream: ['start', 'c'] },
      { id: 'b', upstream: ['a'] },
      { id: 'c', upstream: ['b'] },
      { id: 'below', upstream: ['c'] },
    ]);
    const cycle = findCycle(graph)!;
    expect(cycle[0]).toBe(cycle.at(-1));
    expect(new Set(cycle)).toEqual(new Set(['a', 'b', 'c']));
    for (const [index, id] of cycle.slice(0, -1).entries())
      expect(graph.downstream.get(id)).toContain(cycle[index + 1]);
  });

  it('sees a block that is its own upstream', () => {
    expect(findCycle(buildGraph([{ id: 'a', upstream: ['a'] }]))).toEqual(['a', 'a']);
  });

  it('finds one in exactly the graphs that have no topological order', () => {
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        const graph = buildGraph(nodes);
        const cycle = findCycle(graph);
        if (cycle === null) {
          expect(topologicalOrder(graph)).toHaveLength(graph.nodes.length);
        } else {
          expect(cycle.length).toBeGreaterThan(1);
          expect(cycle[0]).toBe(cycle.at(-1));
          for (const [index, id] of cycle.slice(0, -1).entries()) {
            expect(graph.downstream.get(id)).toContain(cycle[index + 1]);
          }
        }
      }),
    );
  });
});

describe('ancestors and descendants', () => {
  it('are in graph order and leave the block itself out', () => {
    const graph = buildGraph(diamond);
    expect(ancestors(graph, 'd')).toEqual(['a', 'b', 'c']);
    expect(descendants(graph, 'a')).toEqual(['d', 'b', 'c']);
    expect(descendants(graph, 'd')).toEqual([]);
  });

  it('are inverse to each other', () => {
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        const graph = buildGraph(nodes);
        for (const a of graph.nodes) {
          for (const b of graph.nodes) {
            expect(descendants(graph, a).includes(b)).toBe(ancestors(graph, b).includes(a));
          }
        }
      }),
    );
  });
});

/** Nodes whose upstream are earlier in a hidden order, given in a shuffled one. */
const acyclicNodes = fc
  .array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 25 })
  .map((picks) =>
    picks.map((parents, index) => ({
      id: `n${index}`,
      upstream: index === 0 ? [] : parents.map((pick) => `n${pick % index}`),
    })),
  )
  .chain((nodes) => fc.shuffledSubarray(nodes, { minLength: nodes.length }));

const anyNodes = fc
  .array(fc.array(fc.nat({ max: 11 }), { maxLength: 3 }), { maxLength: 12 })
  .map((picks) =>
    picks.map((parents, index) => ({ id: `n${index}`, upstream: parents.map((parent) => `n${parent}`) })),
  );
