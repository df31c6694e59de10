import type { Edges } from './ranks.ts';

/** What takes a place in a rank: a node, or a point where an edge passes through. Edges join neighbouring ranks only. */
export type Item = { node: number | null; source: number; inputs: number[]; outputs: number[] };

export type Ranked = { items: Item[]; ranks: number[][] };

/** Puts nodes and pass-through points into ranks. All edges of one source share their points, as one bundle. */
export const rankedItems = (edges: Edges, rank: readonly number[]): Ranked => {
  const items: Item[] = rank.map((_, node) => ({ node, source: node, inputs: [], outputs: [] }));
  const ranks: number[][] = Array.from({ length: Math.max(-1, ...rank) + 1 }, () => []);
  for (let node = 0; node < rank.length; node++) ranks[rank[node]!]!.push(node);
  for (let source = 0; source < rank.length; source++) {
    let carrier = source;
    const targets = edges.downstream[source]!;
    const last = Math.max(-1, ...targets.map((target) => rank[target]!));
    for (let level = rank[source]! + 1; level <= last; level++) {
      for (const target of targets) if (rank[target] === level) connect(items, carrier, target);
      if (level < last) {
        const point = addPoint(items, source);
        ranks[level]!.push(point);
        connect(items, carrier, point);
        carrier = point;
      }
    }
  }
  return separateBuses({ items, ranks });
};

const addPoint = (items: Item[], source: number): number =>
  items.push({ node: null, source, inputs: [], outputs: [] }) - 1;

const connect = (items: Item[], from: number, to: number): void => {
  items[from]!.outputs.push(to);
  items[to]!.inputs.push(from);
};

/** Targets fed by exactly the same items: one line may serve them all without saying anything false. */
export type Bundle = { sources: number[]; targets: number[] };

export const bundlesOf = (items: readonly Item[], level: readonly number[]): Bundle[] => {
  const bundles = new Map<string, Bundle>();
  for (const source of level) {
    for (const target of items[source]!.outputs) {
      const sources = items[target]!.inputs;
      const key = [...sources].sort((a, b) => a - b).join();
      const bundle = bundles.get(key) ?? { sources: [...sources], targets: [] };
      if (!bundle.targets.includes(target)) bundle.targets.push(target);
      bundles.set(key, bundle);
    }
  }
  return [...bundles.values()];
};

/**
 * An item that takes part in a line with several sources and in another line could not be drawn without a join that is
 * not there: the reader might go from one line over the item's row into the other. Such a gap gets a rank of points
 * between, where each of the item's lines has a row of its own.
 */
const separateBuses = ({ items, ranks }: Ranked): Ranked => {
  const result: number[][] = [];
  for (const level of ranks) {
    result.push(level);
    const bundles = bundlesOf(items, level);
    const lines = new Map<number, number>();
    const inBus = new Set<number>();
    for (const { sources } of bundles) {
      for (const source of sources) {
        lines.set(source, (lines.get(source) ?? 0) + 1);
        if (sources.length > 1) inBus.add(source);
      }
    }
    if (![...inBus].some((source) => lines.get(source)! > 1)) continue;
    const points: number[] = [];
    for (const { sources, targets } of bundles) {
      for (const source of sources) {
        const point = addPoint(items, items[source]!.source);
        points.push(point);
        for (const target of targets) reroute(items, source, point, target);
      }
    }
    result.push(points);
  }
  return { items, ranks: result };
};

const reroute = (items: Item[], source: number, point: number, target: number): void => {
  const outputs = items[source]!.outputs;
  outputs.splice(outputs.indexOf(target), 1);
  if (!outputs.includes(point)) connect(items, source, point);
  const inputs = items[target]!.inputs;
  inputs[inputs.indexOf(source)] = point;
  items[point]!.outputs.push(target);
};
