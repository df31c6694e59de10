import type { Ranked } from './items.ts';
import { median } from './order.ts';

const passes = 8;
/** Points of long edges pull this much harder than nodes, so that long edges are straight (terminal.md B3). */
const pointWeight = 4;

/**
 * The row of each item: as near as can be to its neighbours' rows, in the order of its rank, with `size` rows for a node
 * (`before` of them over its line) and one for a point. Whole rows by construction: the regression takes medians, not means.
 */
export const placeRows = (
  { items }: Ranked,
  order: readonly number[][],
  across: (node: number) => { size: number; before: number },
): number[] => {
  const row: number[] = new Array(items.length).fill(0);
  const sizes = items.map(({ node }) => (node === null ? { size: 1, before: 0 } : across(node)));
  const height = (item: number): number => sizes[item]!.size;
  /** Rows of an item above the one that its lines meet. */
  const over = (item: number): number => sizes[item]!.before;
  for (const level of order) {
    let next = 0;
    for (const item of level) {
      row[item] = next + over(item);
      next += height(item);
    }
  }
  for (let pass = 0; pass < passes; pass++) {
    // The last pass goes backwards: a source ends on the row of its first target.
    const forward = pass % 2 === 0;
    const levels = forward ? order : order.toReversed();
    for (const level of levels) {
      const wishes = level.map((item) => {
        const { inputs, outputs } = items[item]!;
        const [near, far] = forward ? [inputs, outputs] : [outputs, inputs];
        return median(near.map((other) => row[other]!)) ?? median(far.map((other) => row[other]!)) ?? row[item]!;
      });
      const weights = level.map((item) => (items[item]!.node === null ? pointWeight : 1));
      const settled = separate(wishes, gapsOf(level, height, over), weights);
      for (const [index, item] of level.entries()) row[item] = settled[index]!;
    }
  }
  return withoutGaps(row, height, over);
};

/** Rows from each item's line to the next one's: what is below the first and above the second. */
const gapsOf = (level: readonly number[], height: (item: number) => number, over: (item: number) => number): number[] =>
  level.map((item, index) => height(item) - over(item) + (index + 1 < level.length ? over(level[index + 1]!) : 0));

/** Rows on which nothing stands are taken out: only lines would run down through them. */
const withoutGaps = (
  row: readonly number[],
  height: (item: number) => number,
  over: (item: number) => number,
): number[] => {
  const used = new Set<number>();
  for (const [item, at] of row.entries())
    for (let line = 0; line < height(item); line++) used.add(at - over(item) + line);
  const dense = new Map([...used].sort((a, b) => a - b).map((line, index) => [line, index]));
  return row.map((top) => dense.get(top)!);
};

type Pool = { values: { value: number; weight: number }[]; at: number; count: number };

/** Places as near to the wishes as the heights allow: pool adjacent violators on the least sum of distances. */
const separate = (wishes: readonly number[], heights: readonly number[], weights: readonly number[]): number[] => {
  const offsets: number[] = [];
  let offset = 0;
  for (const height of heights) {
    offsets.push(offset);
    offset += height;
  }
  const pools: Pool[] = [];
  for (const [index, wish] of wishes.entries()) {
    const value = wish - offsets[index]!;
    let pool: Pool = { values: [{ value, weight: weights[index]! }], at: value, count: 1 };
    while (pools.length > 0 && pools.at(-1)!.at > pool.at) {
      const before = pools.pop()!;
      const values = [...before.values, ...pool.values].sort((a, b) => a.value - b.value);
      pool = { values, at: upperMedian(values), count: before.count + pool.count };
    }
    pools.push(pool);
  }
  const result: number[] = [];
  for (const { at, count } of pools) for (let n = 0; n < count; n++) result.push(at + offsets[result.length]!);
  return result;
};

/** Of the places that are equally good the lowest on the screen: the first of a group gets its wish. */
const upperMedian = (sorted: readonly { value: number; weight: number }[]): number => {
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let sum = 0;
  for (const { value, weight } of sorted) {
    sum += weight;
    if (sum > half) return value;
  }
  return sorted.at(-1)!.value;
};
