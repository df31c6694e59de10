import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldBlocks } from '../../../src/draw/graph/fold.ts';
import { acyclicEdges } from '../../../src/draw/graph/ranks.ts';
import { block, graphs } from './picture.ts';

/** Graphs with a folder for each block, or none. */
const folded = fc
  .tuple(graphs(24), fc.array(fc.constantFrom('a', 'b', 'c', null), { minLength: 24, maxLength: 24 }))
  .map(([nodes, folders]) => ({
    blocks: nodes.map(({ id, upstream }) => block(id, upstream)),
    folderOf: (id: string): string | null => folders[Number(id.slice(1))]!,
  }));

describe('folders as boxes', () => {
  test('never make a cycle', () => {
    fc.assert(
      fc.property(folded, ({ blocks, folderOf }) => {
        const drawn = foldBlocks(blocks, folderOf).blocks.map(({ id, upstream }) => ({ id, upstream, width: 1 }));
        // An edge that closes a cycle is one that the drawing has to leave out.
        const kept = acyclicEdges(drawn).upstream.flat().length;
        expect(kept).toBe(drawn.flatMap(({ upstream }) => upstream).length);
      }),
      { numRuns: 1_000 },
    );
  });

  test('show every block once, and every edge between what is not in the same box', () => {
    fc.assert(
      fc.property(folded, ({ blocks, folderOf }) => {
        const { blocks: nodes, nodeOf, members } = foldBlocks(blocks, folderOf);
        expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
        expect([...nodeOf.keys()].sort()).toEqual(blocks.map(({ id }) => id).sort());
        const wanted = new Set<string>();
        for (const { id, upstream } of blocks) {
          for (const source of upstream)
            if (nodeOf.get(source) !== nodeOf.get(id)) wanted.add(`${nodeOf.get(source)}>${nodeOf.get(id)}`);
        }
        const seen = new Set(nodes.flatMap(({ id, upstream }) => upstream.map((source) => `${source}>${id}`)));
        expect([...seen].sort()).toEqual([...wanted].sort());
        for (const [box, held] of members) {
          expect(held.length).toBeGreaterThan(1);
          for (const id of held) {
            expect(nodeOf.get(id)).toBe(box);
            expect(folderOf(id)).toBe(folderOf(held[0]!));
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('keep together what can be: blocks of a folder that no path leaves and comes back to are one box', () => {
    fc.assert(
      fc.property(graphs(24), (nodes) => {
        const blocks = nodes.map(({ id, upstream }) => block(id, upstream));
        fc.pre(blocks.length > 1);
        expect(foldBlocks(blocks, () => 'all').blocks).toHaveLength(1);
      }),
    );
  });

  test('a path that leaves the folder and comes back makes two boxes', () => {
    const blocks = [
      block('a1', []),
      block('a2', ['a1']),
      block('b', ['a2']),
      block('a3', ['b']),
      block('a4', ['a3']),
      block('a5', []),
    ];
    const { blocks: nodes, members } = foldBlocks(blocks, (id) => (id.startsWith('a') ? 'in/a' : null));
    expect(nodes.map(({ name }) => name)).toEqual(['in/a/ 1 of 2 (3)', 'b', 'in/a/ 2 of 2 (2)']);
    expect([...members.values()]).toEqual([
      ['a1', 'a2', 'a5'],
      ['a3', 'a4'],
    ]);
  });

  test('a box tells its worst status and how many there are of each; its lines are dead where all that feeds them is', () => {
    const blocks = [
      block('a', [], { status: 'failed' }),
      block('b', []),
      block('c', [], { status: 'running' }),
      block('d', ['b']),
      block('e', ['a']),
    ];
    const boxOf = (feeds: string[]) =>
      foldBlocks(
        blocks.filter(({ id }) => 'abc'.includes(id) || feeds.includes(id)),
        (id) => ('abc'.includes(id) ? 'in' : null),
      ).blocks[0]!;
    expect(boxOf(['d']).status).toBe('failed');
    expect(boxOf(['d']).counts).toEqual([
      ['failed', 1],
      ['running', 1],
      ['completed', 1],
    ]);
    expect(boxOf(['d']).dead).toBe(false);
    expect(boxOf(['e']).dead).toBe(true);
  });
});
