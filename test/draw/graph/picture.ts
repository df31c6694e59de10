import fc from 'fast-check';
import type { GraphBlock } from '../../../src/draw/graph/blocks.ts';
import type { GraphLayout } from '../../../src/draw/graph/layout.ts';
import type { DrawnNode } from '../../../src/draw/graph/ranks.ts';
import { DOWN, LEFT, type Raster, RIGHT, UP } from '../../../src/draw/graph/raster.ts';

/** A block as the graph shows it: completed, by its id, unless told. */
export const block = (id: string, upstream: readonly string[], more: Partial<GraphBlock> = {}): GraphBlock => ({
  id,
  name: id,
  upstream,
  status: 'completed',
  rows: '',
  time: '',
  remark: '',
  ...more,
});

/** Acyclic graphs as pipelines have them: each block reads from a few earlier ones. */
export const graphs = (most: number): fc.Arbitrary<DrawnNode[]> =>
  fc
    .array(fc.record({ picks: fc.array(fc.nat(), { maxLength: 4 }), width: fc.integer({ min: 3, max: 12 }) }), {
      minLength: 1,
      maxLength: most,
    })
    .map((specs) =>
      specs.map(({ picks, width }, index) => ({
        id: `n${index}`,
        width,
        upstream: index === 0 ? [] : [...new Set(picks.map((pick) => `n${pick % index}`))],
      })),
    );

/** The arms of the line at a cell; none beside the picture. */
export const armsOf =
  (raster: Raster) =>
  (x: number, y: number): number =>
    x < 0 || y < 0 || x >= raster.width || y >= raster.height ? 0 : raster.bits[y * raster.width + x]!;

/** Edges a reader sees who starts at each block's right end and follows the lines right, up and down, never back. */
export const readLayered = (layout: GraphLayout, raster: Raster): Set<string> => {
  const bits = armsOf(raster);
  const labels = new Map<string, string>();
  for (const { id, x, y } of layout.nodes) labels.set(`${x},${y}`, id);
  const found = new Set<string>();
  for (const node of layout.nodes) {
    const seen = new Set<string>();
    const walk = (startX: number, startY: number, from: number): void => {
      const stack = [{ x: startX, y: startY, from }];
      while (stack.length > 0) {
        const at = stack.pop()!;
        const key = `${at.x},${at.y},${at.from}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const here = bits(at.x, at.y);
        // Coming from the left onto a vertical line that has no arm to the left: a crossing, go on behind it.
        if (at.from === LEFT && !(here & LEFT)) {
          if (here === (UP | DOWN)) stack.push({ ...at, x: at.x + 1 });
          else if (here === 0) {
            const label = labels.get(`${at.x + 1},${at.y}`) ?? labels.get(`${at.x},${at.y}`);
            if (label) found.add(`${node.id}>${label}`);
          }
          continue;
        }
        if (here & RIGHT) stack.push({ x: at.x + 1, y: at.y, from: LEFT });
        if (here & UP && at.from !== UP) stack.push({ x: at.x, y: at.y - 1, from: DOWN });
        if (here & DOWN && at.from !== DOWN) stack.push({ x: at.x, y: at.y + 1, from: UP });
      }
    };
    walk(node.x + node.width + 1, node.y, LEFT);
  }
  return found;
};

export const edgesOf = (nodes: readonly DrawnNode[]): Set<string> =>
  new Set(nodes.flatMap(({ id, upstream }) => upstream.map((source) => `${source}>${id}`)));
