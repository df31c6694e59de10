import { type Bundle, bundlesOf, type Item } from './items.ts';

/** A vertical line in the gap between two ranks. On `joins` rows it meets horizontals; elsewhere it crosses over them. */
export type Trunk = {
  track: number;
  sources: number[];
  top: number;
  bottom: number;
  joins: number[];
  /** Rows of items at the left and at the right that hang on this trunk. */
  left: number[];
  right: number[];
  /** Row on which another trunk hands over to this one, where two lines would have blocked each other. */
  takes?: number;
};

export type Channel = { trunks: Trunk[]; tracks: number; straight: { row: number; sources: number[] }[] };

/** Routes the edges of one gap: which vertical lines there are and on which track each runs. No two lines share a cell. */
export const routeChannel = (items: readonly Item[], level: readonly number[], row: readonly number[]): Channel => {
  const trunks: Trunk[] = [];
  const straight: Channel['straight'] = [];
  for (const bundle of bundlesOf(items, level)) {
    const trunk = trunkOf(bundle, row);
    if (trunk.top === trunk.bottom) straight.push({ row: trunk.top, sources: bundle.sources });
    else trunks.push(trunk);
  }
  const placed = assignTracks(
    trunks,
    straight.map(({ row: at }) => at),
  );
  return { trunks: placed, tracks: 1 + Math.max(-1, ...placed.map(({ track }) => track)), straight };
};

const trunkOf = ({ sources, targets }: Bundle, row: readonly number[]): Trunk => {
  const left = sources.map((item) => row[item]!);
  const right = targets.map((item) => row[item]!);
  return spanning({ track: -1, sources, top: 0, bottom: 0, joins: [], left, right });
};

const spanning = (trunk: Trunk): Trunk => {
  trunk.joins = [...new Set([...trunk.left, ...trunk.right])].sort((a, b) => a - b);
  trunk.top = trunk.joins[0]!;
  trunk.bottom = trunk.joins.at(-1)!;
  return trunk;
};

/**
 * `first` must stand left of `second`
 * - where `first` takes from a row that `second` gives to: else both would run over the same cells of that row;
 * - where both take from one row and `second` has several sources: else the others would reach `first` over that row.
 */
const before = (first: Trunk, second: Trunk): boolean => {
  if (second.takes !== undefined && first.right.includes(second.takes)) return true;
  return first.left.some(
    (row) =>
      row !== first.takes && (second.right.includes(row) || (second.left.length > 1 && second.left.includes(row))),
  );
};

const assignTracks = (trunks: readonly Trunk[], straightRows: readonly number[]): Trunk[] => {
  const waiting = [...trunks];
  const placed: Trunk[] = [];
  // Each hand-over breaks a circle and there are few circles; the bound only keeps a mistake here from hanging a screen.
  let handOvers = 4 * trunks.length + 16;
  while (waiting.length > 0) {
    const free = waiting.filter((trunk) => !waiting.some((other) => other !== trunk && before(other, trunk)));
    const ready = free.length === 0 && handOvers <= 0 ? [waiting[0]!] : free;
    if (ready.length === 0) {
      handOvers -= 1;
      const blocked = inCircle(waiting);
      waiting.splice(waiting.indexOf(blocked), 1);
      const used = new Set([blocked, ...waiting, ...placed].flatMap(({ joins }) => joins));
      for (const row of straightRows) used.add(row);
      waiting.push(...handOver(blocked, used));
      continue;
    }
    for (const trunk of ready.sort(compareReady)) {
      trunk.track = firstFreeTrack(trunk, placed);
      placed.push(trunk);
      waiting.splice(waiting.indexOf(trunk), 1);
    }
  }
  return placed;
};

/** Fewer crossings: lines that go down from a low row first, then those that go up from a high one. */
const compareReady = (a: Trunk, b: Trunk): number => {
  const [aDown, bDown] = [a.left[0]! <= a.top, b.left[0]! <= b.top];
  if (aDown !== bDown) return aDown ? -1 : 1;
  return aDown ? b.left[0]! - a.left[0]! : a.left[0]! - b.left[0]!;
};

const firstFreeTrack = (trunk: Trunk, placed: readonly Trunk[]): number => {
  let track = 0;
  for (const other of placed) {
    if (before(other, trunk)) track = Math.max(track, other.track + 1);
  }
  while (placed.some((other) => other.track === track && other.top <= trunk.bottom && trunk.top <= other.bottom)) {
    track += 1;
  }
  return track;
};

/** A trunk of a circle of "left of": follow what stands before until something comes twice. */
const inCircle = (waiting: readonly Trunk[]): Trunk => {
  const seen = new Set<Trunk>();
  let trunk = waiting[0]!;
  while (!seen.has(trunk)) {
    seen.add(trunk);
    const at: Trunk = trunk;
    trunk = waiting.find((other) => other !== at && before(other, at))!;
  }
  return trunk;
};

/** Splits a trunk in two that meet on a row nothing else uses: this breaks the circle. */
const handOver = (trunk: Trunk, used: ReadonlySet<number>): [Trunk, Trunk] => {
  const middle = (trunk.top + trunk.bottom) >> 1;
  let row = middle;
  for (let step = 1; used.has(row) || row < 0; step++) row = middle + (step % 2 === 1 ? (step + 1) >> 1 : -(step >> 1));
  return [spanning({ ...trunk, right: [row] }), spanning({ ...trunk, left: [row], takes: row })];
};
