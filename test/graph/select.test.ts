import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildGraph, topologicalOrder } from '../../src/graph/graph.ts';
import { selectBlocks } from '../../src/graph/select.ts';

const graph = buildGraph([
  { id: 'load', upstream: [] },
  { id: 'zones', upstream: [] },
  { id: 'clean', upstream: ['load'] },
  { id: 'join', upstream: ['clean', 'zones'] },
  { id: 'export', upstream: ['join'] },
]);

describe('selectBlocks', () => {
  it('selects all, one, from and up to a block', () => {
    expect([...selectBlocks(graph, 'all')]).toEqual(['load', 'zones', 'clean', 'join', 'export']);
    expect([...selectBlocks(graph, { block: 'clean' })]).toEqual(['clean']);
    expect([...selectBlocks(graph, { from: 'clean' })]).toEqual(['clean', 'join', 'export']);
    expect([...selectBlocks(graph, { upto: 'join' })]).toEqual(['load', 'zones', 'clean', 'join']);
  });

  it('names a block that does not exist', () => {
    expect(() => selectBlocks(graph, { from: 'gone' })).toThrow('no block gone');
  });

  it('selects a set closed downwards (from) or upwards (upto)', () => {
    const nodes = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 20 }).map((picks) =>
      picks.map((parents, index) => ({
        id: `n${index}`,
        upstream: index ? parents.map((p) => `n${p % index}`) : [],
      })),
    );
    fc.assert(
      fc.property(nodes, fc.nat(), (given, pick) => {
        const any = buildGraph(given);
        const chosen = any.nodes[pick % any.nodes.length]!;
        const from = selectBlocks(any, { from: chosen });
        for (const id of from) for (const child of any.downstream.get(id)!) expect(from.has(child)).toBe(true);
        const upto = selectBlocks(any, { upto: chosen });
        for (const id of upto) for (const parent of any.upstream.get(id)!) expect(upto.has(parent)).toBe(true);
        expect([...from].filter((id) => upto.has(id))).toEqual([chosen]);
        expect(topologicalOrder(any).length).toBe(any.nodes.length);
      }),
    );
  });
});
