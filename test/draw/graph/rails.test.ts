import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layoutRails, type Rail } from '../../../src/draw/graph/rails.ts';
import { DOWN, LEFT, RIGHT, UP } from '../../../src/draw/graph/raster.ts';
import { edgesOf, graphs } from './picture.ts';

/** Edges a reader sees who follows the lane down from each block, sideways where it joins, never up. */
const readRails = (rails: readonly Rail[]): Set<string> => {
  const bits = (cell: number, row: number): number => rails[row]?.bits[cell] ?? 0;
  const isNode = (cell: number, row: number): boolean => rails[row]?.lane === cell / 2 && rails[row]?.id !== null;
  const found = new Set<string>();
  for (const [start, rail] of rails.entries()) {
    if (rail.id === null) continue;
    const stack = [{ cell: rail.lane * 2, row: start + 1, from: UP }];
    const seen = new Set<string>();
    while (stack.length > 0) {
      const at = stack.pop()!;
      const key = `${at.cell},${at.row},${at.from}`;
      if (seen.has(key) || at.row >= rails.length) continue;
      seen.add(key);
      if (isNode(at.cell, at.row)) {
        found.add(`${rail.id}>${rails[at.row]!.id}`);
        continue;
      }
      const here = bits(at.cell, at.row);
      if ((at.from === LEFT || at.from === RIGHT) && !(here & at.from)) {
        // A crossing: the horizontal goes on behind the lane.
        if (here === (UP | DOWN)) stack.push({ ...at, cell: at.cell + (at.from === LEFT ? 1 : -1) });
        continue;
      }
      if (at.from === UP && !(here & UP)) continue;
      if (here & DOWN) stack.push({ cell: at.cell, row: at.row + 1, from: UP });
      if (here & RIGHT && at.from !== RIGHT) stack.push({ cell: at.cell + 1, row: at.row, from: LEFT });
      if (here & LEFT && at.from !== LEFT) stack.push({ cell: at.cell - 1, row: at.row, from: RIGHT });
    }
  }
  return found;
};

describe('the rails', () => {
  test('say nothing false and leave nothing out, whatever the graph', () => {
    fc.assert(
      fc.property(graphs(24), (nodes) => {
        const seen = readRails(layoutRails(nodes));
        // A lane freed by one block and taken by the next stands under it: the reader starts at each block anew.
        for (const edge of edgesOf(nodes)) expect(seen).toContain(edge);
        for (const edge of seen) expect(edgesOf(nodes)).toContain(edge);
      }),
      { numRuns: 500 },
    );
  });

  test('show every block once, after everything it reads from', () => {
    fc.assert(
      fc.property(graphs(30), (nodes) => {
        const order = layoutRails(nodes).flatMap(({ id }) => (id === null ? [] : [id]));
        expect([...order].sort()).toEqual(nodes.map(({ id }) => id).sort());
        for (const { id, upstream } of nodes) {
          for (const source of upstream) expect(order.indexOf(source)).toBeLessThan(order.indexOf(id));
        }
      }),
    );
  });

  test('a chain needs one lane', () => {
    const nodes = ['a', 'b', 'c'].map((id, index, all) => ({ id, upstream: index ? [all[index - 1]!] : [], width: 3 }));
    expect(layoutRails(nodes).map(({ bits }) => bits.length)).toEqual([1, 1, 1]);
  });
});
