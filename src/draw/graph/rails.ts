import { acyclicEdges, type DrawnNode } from './ranks.ts';
import { DOWN, LEFT, RIGHT, UP } from './raster.ts';

/** One row of the rails: a block on its lane, or a link row between. `bits` holds two cells a lane: line and gap. */
export type Rail = { id: string | null; lane: number; bits: number[] };

/**
 * The graph as one block a row, in an order in which it can run, with a lane for each block that others still wait for
 * (git log's picture). A lane belongs to one block, so that what hangs on it is fed by that block and by no other.
 */
export const layoutRails = (nodes: readonly DrawnNode[]): Rail[] => {
  const { upstream, downstream } = acyclicEdges(nodes);
  const waiting = upstream.map((sources) => sources.length);
  const open = downstream.map((targets) => targets.length);
  const lanes: (number | null)[] = [];
  const rails: Rail[] = [];
  const done = new Set<number>();
  while (done.size < nodes.length) {
    const node = nextNode(nodes.length, done, waiting, upstream, open);
    done.add(node);
    for (const source of upstream[node]!) open[source]! -= 1;
    placeNode(node, upstream[node]!, open, lanes, rails, nodes);
    for (const target of downstream[node]!) waiting[target]! -= 1;
  }
  return rails;
};

/** Of the blocks that could run next the one that frees most lanes, else the first of the file. */
const nextNode = (
  count: number,
  done: ReadonlySet<number>,
  waiting: readonly number[],
  upstream: readonly number[][],
  open: readonly number[],
): number => {
  let best = -1;
  let most = -1;
  for (let node = 0; node < count; node++) {
    if (done.has(node) || waiting[node] !== 0) continue;
    const closes = upstream[node]!.filter((source) => open[source] === 1).length;
    if (closes > most) [best, most] = [node, closes];
  }
  return best;
};

const placeNode = (
  node: number,
  sources: readonly number[],
  open: readonly number[],
  lanes: (number | null)[],
  rails: Rail[],
  nodes: readonly DrawnNode[],
): void => {
  const laneOf = (source: number): number => lanes.indexOf(source);
  const ending = sources.filter((source) => open[source] === 0).map(laneOf);
  const going = sources.filter((source) => open[source]! > 0).map(laneOf);
  // Right below a block that feeds nothing, a block on the same lane would look fed by it.
  const above = rails.at(-1)?.lane ?? -1;
  const own = ending.length > 0 ? Math.min(...ending) : freeLane(lanes, above);
  const joined = new Set<number>();
  // A lane that goes on is met directly only where it is alone at its side: what comes beside it could be read as going
  // down it. Else it sends a copy of itself ahead, which ends at the block.
  const beside = (lane: number): number =>
    [...ending, ...going].filter((other) => other !== own && other < own === lane < own).length;
  const direct = going.every((lane) => beside(lane) === 1);
  for (const lane of going) {
    if (direct) {
      joined.add(lane);
      continue;
    }
    const copy = freeLane(lanes, own);
    rails.push({ id: null, lane: -1, bits: linkRow(lanes, lane, copy) });
    lanes[copy] = reserved;
    ending.push(copy);
  }
  for (const lane of ending) joined.add(lane);
  joined.delete(own);
  const goesOn = new Set(going.filter((lane) => joined.has(lane)));
  rails.push({ id: nodes[node]!.id, lane: own, bits: nodeRow(lanes, own, joined, goesOn) });
  for (const lane of ending) lanes[lane] = null;
  lanes[own] = open[node]! > 0 ? node : null;
  while (lanes.length > 0 && (lanes.at(-1) ?? null) === null) lanes.pop();
};

/** Stands in a lane that leads to the next block and belongs to no block. */
const reserved = -1;

type Lanes = readonly (number | null)[];

const runs = (lanes: Lanes, lane: number): boolean => (lanes[lane] ?? null) !== null;

const freeLane = (lanes: Lanes, except = -1): number => {
  let lane = 0;
  while (lane === except || runs(lanes, lane)) lane += 1;
  return lane;
};

const rowOf = (lanes: Lanes, least: number): number[] => {
  const size = Math.max(lanes.length, least + 1);
  const bits: number[] = new Array(size * 2 - 1).fill(0);
  for (let lane = 0; lane < size; lane++) if (runs(lanes, lane)) bits[lane * 2] = UP | DOWN;
  return bits;
};

/** A horizontal between two lanes; lanes that have no part in it are crossed, `joins` are met. */
const connect = (bits: number[], lanes: Lanes, from: number, to: number, joins: ReadonlySet<number>): void => {
  for (let cell = Math.min(from, to) * 2 + 1; cell < Math.max(from, to) * 2; cell++) {
    const lane = cell / 2;
    if (cell % 2 === 1 || !runs(lanes, lane) || joins.has(lane)) bits[cell]! |= LEFT | RIGHT;
  }
};

/** A lane that goes on sends a copy of itself to a lane of its own that ends at the next block. */
const linkRow = (lanes: Lanes, lane: number, copy: number): number[] => {
  const bits = rowOf(lanes, copy);
  connect(bits, lanes, lane, copy, new Set());
  bits[lane * 2]! |= copy > lane ? RIGHT : LEFT;
  bits[copy * 2] = DOWN | (copy > lane ? LEFT : RIGHT);
  return bits;
};

const nodeRow = (lanes: Lanes, own: number, joined: ReadonlySet<number>, goesOn: ReadonlySet<number>): number[] => {
  const bits = rowOf(lanes, own);
  bits[own * 2] = 0;
  for (const lane of joined) connect(bits, lanes, lane, own, joined);
  for (const lane of joined) {
    bits[lane * 2] =
      (bits[lane * 2]! & (LEFT | RIGHT)) | UP | (goesOn.has(lane) ? DOWN : 0) | (lane < own ? RIGHT : LEFT);
  }
  return bits;
};
