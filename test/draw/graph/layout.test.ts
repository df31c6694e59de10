import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layoutGraph } from '../../../src/draw/graph/layout.ts';
import { rasterOf } from '../../../src/draw/graph/raster.ts';
import { edgesOf, graphs, readLayered } from './picture.ts';

describe('the layered layout', () => {
  for (const { nodeHeight, above } of [
    { nodeHeight: 1, above: 0 },
    { nodeHeight: 2, above: 0 },
    { nodeHeight: 4, above: 1 },
  ]) {
    test(`says exactly the edges there are, no join more, with ${nodeHeight} rows a block`, () => {
      fc.assert(
        fc.property(graphs(24), (nodes) => {
          const layout = layoutGraph(nodes, { nodeHeight, above });
          const lines = layout.nodes.map((node) => ({ ...node, y: node.y + above }));
          const seen = readLayered({ ...layout, nodes: lines }, rasterOf(layout));
          expect([...seen].sort()).toEqual([...edgesOf(nodes)].sort());
        }),
        { numRuns: 400 },
      );
    });

    test(`lets no two labels overlap and no line run through one, with ${nodeHeight} rows a block`, () => {
      fc.assert(
        fc.property(graphs(24), (nodes) => {
          const layout = layoutGraph(nodes, { nodeHeight, above });
          const raster = rasterOf(layout);
          const taken = new Set<string>();
          for (const { x, y, width } of layout.nodes) {
            for (let row = y; row < y + nodeHeight; row++) {
              for (let column = x; column < x + width; column++) {
                const cell = `${column},${row}`;
                expect(taken.has(cell)).toBe(false);
                taken.add(cell);
                expect(raster.bits[row * raster.width + column] ?? 0).toBe(0);
              }
            }
          }
        }),
        { numRuns: 200 },
      );
    });
  }

  test('every edge goes from left to right', () => {
    fc.assert(
      fc.property(graphs(30), (nodes) => {
        const layout = layoutGraph(nodes, { nodeHeight: 1 });
        const x = new Map(layout.nodes.map((node) => [node.id, node.x]));
        for (const { id, upstream } of nodes)
          for (const source of upstream) expect(x.get(source)!).toBeLessThan(x.get(id)!);
      }),
    );
  });

  test('a cycle and an unknown upstream do not stop it', () => {
    const nodes = [
      { id: 'a', upstream: ['b', 'nowhere'], width: 3 },
      { id: 'b', upstream: ['a'], width: 3 },
      { id: 'c', upstream: ['c'], width: 3 },
    ];
    expect(layoutGraph(nodes, { nodeHeight: 1 }).nodes).toHaveLength(3);
  });

  test('a chain stays on one row', () => {
    const nodes = ['a', 'b', 'c', 'd'].map((id, index, all) => ({
      id,
      upstream: index ? [all[index - 1]!] : [],
      width: 3,
    }));
    expect(new Set(layoutGraph(nodes, { nodeHeight: 2 }).nodes.map(({ y }) => y))).toEqual(new Set([0]));
  });

  test('the order of before is kept where it is as good', () => {
    const nodes = ['a', 'b', 'c', 'd'].map((id) => ({ id, upstream: ['root'], width: 4 }));
    const all = [{ id: 'root', upstream: [], width: 4 }, ...nodes];
    const previous = new Map(['root', 'c', 'a', 'd', 'b'].map((id, index) => [id, index]));
    const order = (drawn: typeof all) =>
      layoutGraph(drawn, { nodeHeight: 1, previous })
        .nodes.filter(({ rank }) => rank === 1)
        .toSorted((a, b) => a.y - b.y)
        .map(({ id }) => id);
    expect(order(all)).toEqual(['c', 'a', 'd', 'b']);
    expect(order([...all, { id: 'new', upstream: ['root'], width: 4 }])).toEqual(['c', 'a', 'd', 'b', 'new']);
  });
});
