import type { GraphLayout } from './layout.ts';

export const UP = 1;
export const RIGHT = 2;
export const DOWN = 4;
export const LEFT = 8;

/** Bits per cell (up 1, right 2, down 4, left 8) and the line that owns the cell's look. */
export type Raster = { width: number; height: number; bits: Uint8Array; owner: Int32Array };

/**
 * Lines on cells. Horizontals first; a vertical joins them where it belongs to them and else runs over them, so that a
 * crossing reads `─│─` and every other meeting is a real one.
 */
export const rasterOf = ({ horizontals, verticals, width, height }: GraphLayout): Raster => {
  const size = { width: width + 1, height };
  const bits = new Uint8Array(size.width * height);
  const owner = new Int32Array(size.width * height).fill(-1);
  for (const [line, { y, from, to, openLeft, openRight }] of horizontals.entries()) {
    for (let x = from; x <= to; x++) {
      const at = y * size.width + x;
      bits[at]! |= (x > from || openLeft ? LEFT : 0) | (x < to || openRight ? RIGHT : 0);
      if (owner[at] === -1) owner[at] = line;
    }
  }
  for (const [index, { x, from, to, joins }] of verticals.entries()) {
    const joined = new Set(joins);
    for (let y = from; y <= to; y++) {
      const at = y * size.width + x;
      const own = (y > from ? UP : 0) | (y < to ? DOWN : 0);
      bits[at] = joined.has(y) ? bits[at]! | own : own;
      if (!joined.has(y) || owner[at] === -1) owner[at] = horizontals.length + index;
    }
  }
  return { ...size, bits, owner };
};
