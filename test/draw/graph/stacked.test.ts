import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawLayered, type GraphPicture, graphPicture } from '../../../src/draw/graph/layered-view.ts';
import { drawMinimap } from '../../../src/draw/graph/minimap.ts';
import { neighbour } from '../../../src/draw/graph/navigate.ts';
import { DOWN, LEFT, RIGHT, UP } from '../../../src/draw/graph/raster.ts';
import { createTheme } from '../../../src/draw/theme.ts';
import { armsOf, block, edgesOf, graphs } from './picture.ts';

const boxHeight = 4;

/** Edges a reader sees who starts below each box and follows the lines down and sideways, never up. */
const readDown = ({ layout, raster }: GraphPicture): Set<string> => {
  const bits = armsOf(raster);
  const boxAt = (x: number, y: number): string | undefined =>
    layout.nodes.find((node) => node.y === y && x >= node.x && x < node.x + node.width)?.id;
  const found = new Set<string>();
  for (const node of layout.nodes) {
    const seen = new Set<string>();
    // Only a line that begins at the border leaves the box.
    if (!(bits(node.x + (node.width >> 1), node.y + boxHeight) & UP)) continue;
    const stack = [{ x: node.x + (node.width >> 1), y: node.y + boxHeight, from: UP }];
    while (stack.length > 0) {
      const at = stack.pop()!;
      const key = `${at.x},${at.y},${at.from}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const here = bits(at.x, at.y);
      if (at.from === UP && !(here & UP)) {
        // A line across without an arm up: a crossing, go on behind it. Nothing at all: the border of a box.
        if (here === (LEFT | RIGHT)) stack.push({ ...at, y: at.y + 1 });
        else if (here === 0) {
          const box = boxAt(at.x, at.y);
          if (box) found.add(`${node.id}>${box}`);
        }
        continue;
      }
      if (here & DOWN) stack.push({ x: at.x, y: at.y + 1, from: UP });
      if (here & LEFT && at.from !== LEFT) stack.push({ x: at.x - 1, y: at.y, from: RIGHT });
      if (here & RIGHT && at.from !== RIGHT) stack.push({ x: at.x + 1, y: at.y, from: LEFT });
    }
  }
  return found;
};

const pictures = graphs(24).map((nodes) => {
  const blocks = nodes.map(({ id, upstream, width }) => ({
    ...block(id, upstream),
    name: `${id}${'x'.repeat(width * 2)}`,
  }));
  return { nodes, blocks, picture: graphPicture(blocks, 0, 'stacked') };
});

describe('boxes from top to bottom', () => {
  test('say exactly the edges there are, no join more', () => {
    fc.assert(
      fc.property(pictures, ({ nodes, picture }) => {
        expect([...readDown(picture)].sort()).toEqual([...edgesOf(nodes)].sort());
      }),
      { numRuns: 400 },
    );
  });

  test('do not overlap or touch, and no line runs through one or along its side', () => {
    fc.assert(
      fc.property(pictures, ({ picture: { layout, raster } }) => {
        const taken = new Map<string, string>();
        for (const { id, x, y, width } of layout.nodes) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x + width).toBeLessThanOrEqual(layout.width);
          expect(y + boxHeight).toBeLessThanOrEqual(layout.height);
          for (let row = y; row < y + boxHeight; row++) {
            for (let column = x - 1; column < x + width + 1; column++) {
              expect(taken.get(`${column},${row}`) ?? id).toBe(id);
              taken.set(`${column},${row}`, id);
              const inside = column < raster.width && column >= 0;
              expect(inside ? raster.bits[row * raster.width + column] : 0).toBe(0);
            }
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('stand below everything they read from', () => {
    fc.assert(
      fc.property(pictures, ({ nodes, picture: { layout } }) => {
        const y = new Map(layout.nodes.map((node) => [node.id, node.y]));
        for (const { id, upstream } of nodes)
          for (const source of upstream) expect(y.get(source)! + boxHeight).toBeLessThan(y.get(id)!);
      }),
    );
  });

  const fan = [block('load', []), block('left', ['load']), block('right', ['load']), block('end', ['left', 'right'])];
  const theme = createTheme({ name: 'mono' });

  test('join their borders where lines leave and enter', () => {
    const picture = graphPicture(fan, 0, 'stacked');
    const { width, height } = picture.layout;
    const rows = drawLayered(picture, fan, { width, height, selected: null, focused: false }, theme);
    expect(rows.map((row) => row.replace(/\u001b\[[0-9;]*m/g, '').trimEnd())).toEqual([
      ' ╭────────────────╮',
      ' │ ✓ load         │',
      ' │                │',
      ' ╰────────┬───────╯',
      '          │',
      '          ├───────────────────╮',
      '          │                   │',
      ' ╭────────┴───────╮  ╭────────┴───────╮',
      ' │ ✓ left         │  │ ✓ right        │',
      ' │                │  │                │',
      ' ╰────────┬───────╯  ╰────────┬───────╯',
      '          │                   │',
      '          ├───────────────────╯',
      '          │',
      ' ╭────────┴───────╮',
      ' │ ✓ end          │',
      ' │                │',
      ' ╰────────────────╯',
    ]);
  });

  test.each([
    ['load', 'down', 'left'],
    ['left', 'right', 'right'],
    ['right', 'left', 'left'],
    ['right', 'up', 'load'],
    ['end', 'down', null],
  ] as const)('%s, %s: %s', (from, direction, to) => {
    expect(neighbour(graphPicture(fan, 0, 'stacked'), fan, from, direction)).toBe(to);
  });

  test('have a map from top to bottom, with what the pane shows of it in inverse', () => {
    const chain = Array.from({ length: 8 }, (_, index) => block(`b${index}`, index === 0 ? [] : [`b${index - 1}`]));
    const picture = graphPicture(chain, 0, 'stacked');
    const row = (from: number): string => drawMinimap(picture, chain, { width: 60, from, room: 10, down: true }, theme);
    expect(
      row(0)
        .replace(/\u001b\[[0-9;]*m/g, '')
        .match(/█/g),
    ).toHaveLength(8);
    const inverse = (text: string): string[] =>
      [...text.matchAll(/\u001b\[7m([^\u001b]*)/g)].map(([, cells]) => cells!);
    expect(inverse(row(0)).join('').length).toBeGreaterThan(0);
    expect(row(0)).not.toBe(row(picture.layout.height - 10));
  });
});
