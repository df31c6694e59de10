import type { Ranked } from './items.ts';

const sweeps = 12;

/** Orders each rank so that few edges cross: median sweeps and exchanges of neighbours; the best order seen is kept. It begins with the order of `before`. */
export const orderRanks = (
  { items, ranks }: Ranked,
  before: (node: number) => number | undefined = () => undefined,
): number[][] => {
  const place = new Float64Array(items.length);
  let current = ranks.map((level) =>
    seeded(level, (item) => (items[item]!.node === null ? undefined : before(items[item]!.node!))),
  );
  const settle = (level: readonly number[]): void => {
    for (const [index, item] of level.entries()) place[item] = index;
  };
  for (const level of current) settle(level);
  let best = current.map((level) => [...level]);
  let fewest = crossings(current, items, place);
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep++) {
    const forward = sweep % 2 === 0;
    const side = forward ? 'inputs' : 'outputs';
    const levels = forward ? current : current.toReversed();
    for (const level of levels) {
      const wish = new Map(level.map((item) => [item, median(items[item]![side].map((other) => place[other]!))]));
      level.sort((a, b) => (wish.get(a) ?? place[a]!) - (wish.get(b) ?? place[b]!) || place[a]! - place[b]!);
      settle(level);
    }
    exchangeNeighbours(current, items, place);
    const count = crossings(current, items, place);
    if (count < fewest) {
      fewest = count;
      best = current.map((level) => [...level]);
    }
  }
  current = best;
  return current;
};

/** Items that had a place keep their order among each other, on the places of the level that they take together. */
const seeded = (level: readonly number[], before: (item: number) => number | undefined): number[] => {
  const known = level.filter((item) => before(item) !== undefined);
  const sorted = known.toSorted((a, b) => before(a)! - before(b)!);
  return level.map((item) => (before(item) === undefined ? item : sorted.shift()!));
};

/** Upper median: with two neighbours the first one, so that chains stay straight. Null without neighbours. */
export const median = (values: readonly number[]): number | null => {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1]!;
};

type Items = Ranked['items'];

const exchangeNeighbours = (ranks: number[][], items: Items, place: Float64Array): void => {
  for (let pass = 0, improved = true; improved && pass < 4; pass++) {
    improved = false;
    for (const level of ranks) {
      for (let index = 0; index + 1 < level.length; index++) {
        const [a, b] = [level[index]!, level[index + 1]!];
        const gain =
          pairCrossings(items[a]!.inputs, items[b]!.inputs, place) +
          pairCrossings(items[a]!.outputs, items[b]!.outputs, place);
        if (gain <= 0) continue;
        level[index] = b;
        level[index + 1] = a;
        place[a] = index + 1;
        place[b] = index;
        improved = true;
      }
    }
  }
};

/** How many crossings less if b stood before a. */
const pairCrossings = (a: readonly number[], b: readonly number[], place: Float64Array): number => {
  let difference = 0;
  for (const left of a) for (const right of b) difference += Math.sign(place[left]! - place[right]!);
  return difference;
};

/** Crossings between neighbouring ranks, counted with a Fenwick tree. */
const crossings = (ranks: readonly number[][], items: Items, place: Float64Array): number => {
  let total = 0;
  for (const [index, level] of ranks.entries()) {
    const size = ranks[index + 1]?.length ?? 0;
    if (size === 0) continue;
    const tree = new Uint32Array(size + 1);
    let seen = 0;
    for (const item of level) {
      const targets = items[item]!.outputs.map((other) => place[other]!);
      for (const target of targets) {
        let before = 0;
        for (let at = target + 1; at > 0; at -= at & -at) before += tree[at]!;
        total += seen - before;
      }
      for (const target of targets) {
        seen += 1;
        for (let at = target + 1; at <= size; at += at & -at) tree[at]! += 1;
      }
    }
  }
  return total;
};
