import type { GraphLayout } from './layout.ts';
import { DOWN, LEFT, type Raster, RIGHT, UP } from './raster.ts';

/**
 * A left-to-right layout of nodes that are `boxHeight` long as a picture from top to bottom: rows become columns. Its
 * lines stay as they were laid, since `transposedRaster` turns the cells; only their sources are read after this.
 */
export const transposedNodes = (
  { nodes, horizontals, verticals, width, height }: GraphLayout,
  columns: (id: string) => number,
): GraphLayout => ({
  // The column of air at the left of each box is no part of it.
  nodes: nodes.map(({ id, x, y, rank }) => ({ id, x: y + 1, y: x, width: columns(id), rank })),
  horizontals,
  verticals,
  width: height,
  height: width,
});

export const transposedRaster = ({ width, height, bits, owner }: Raster): Raster => {
  const turned: Raster = {
    width: height,
    height: width,
    bits: new Uint8Array(bits.length),
    owner: new Int32Array(bits.length).fill(-1),
  };
  // Most cells are empty: of 500 blocks 2.2 million cells, of which 3 % have a line.
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (bits[at] === 0) continue;
      turned.bits[x * height + y] = turnedBits(bits[at]!);
      turned.owner[x * height + y] = owner[at]!;
    }
  }
  return turned;
};

const turnedBits = (bits: number): number =>
  (bits & UP ? LEFT : 0) | (bits & LEFT ? UP : 0) | (bits & DOWN ? RIGHT : 0) | (bits & RIGHT ? DOWN : 0);
