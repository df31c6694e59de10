import { type Random, seeded } from './random.ts';

/**
 * How a block adds its rows: a script of SQL, one SELECT that wand appends to a table, TypeScript's exportTable, Python's frame that a SQL
 * block below it appends. All add and none replaces, so that a row that is written twice is seen.
 */
export type StormBlock = {
  uuid: string;
  kind: 'script' | 'select' | 'typescript' | 'python' | 'frame';
  upstream: string[];
  /** Adds the numbers first ... first + rows - 1. */
  first: number;
  rows: number;
  /** Seconds the transaction stays open after its rows are written. */
  sleep: number;
};

export type StormPipeline = { uuid: string; detached: boolean; blocks: StormBlock[] };

export type StormPlan = { seed: number; pipelines: StormPipeline[] };

/** Blocks of a pipeline; at least two pipelines, a third of them in the foreground. */
const perPipeline = 30;

/** A round's pipelines: random graphs of `blocks` blocks in all. Without Python there are none of its blocks. */
export const planStorm = (seed: number, blocks: number, withPython: boolean): StormPlan => {
  const random = seeded(seed);
  const amount = Math.max(2, Math.round(blocks / perPipeline));
  const pipelines = Array.from({ length: amount }, (_, index): StormPipeline => {
    const size = Math.floor((blocks * (index + 1)) / amount) - Math.floor((blocks * index) / amount);
    const uuid = `storm_${index}`;
    return { uuid, detached: index % 3 !== 1, blocks: planBlocks(random, uuid, size, withPython) };
  });
  return { seed, pipelines };
};

const planBlocks = (random: Random, pipeline: string, size: number, withPython: boolean): StormBlock[] => {
  const blocks: StormBlock[] = [];
  while (blocks.length < size) {
    const kind = kindOf(random, withPython && size - blocks.length > 1);
    const block = blockOf(random, `${pipeline}_b${blocks.length}`, kind, upstreamOf(random, blocks));
    blocks.push(block);
    // What Python makes reaches the table through a block of SQL: user code itself runs at least once.
    if (kind === 'python') {
      blocks.push({ ...block, uuid: `${pipeline}_b${blocks.length}`, kind: 'frame', upstream: [block.uuid] });
    }
  }
  return blocks;
};

const kindOf = (random: Random, mayPython: boolean): StormBlock['kind'] => {
  const dice = random.below(100);
  if (dice < 6 && mayPython) return 'python';
  if (dice < 12) return 'typescript';
  return dice < 35 ? 'select' : 'script';
};

const blockOf = (random: Random, uuid: string, kind: StormBlock['kind'], upstream: string[]): StormBlock => ({
  uuid,
  kind,
  upstream,
  first: random.below(1_000_000),
  rows: 1 + random.below(200),
  sleep: random.chance(0.3) ? random.below(40) / 100 : 0,
});

/** None, one or some of the ten blocks before it. */
const upstreamOf = (random: Random, blocks: StormBlock[]): string[] => {
  if (blocks.length === 0 || random.chance(0.15)) return [];
  const near = blocks.slice(-10);
  return [...new Set(Array.from({ length: 1 + random.below(3) }, () => random.pick(near).uuid))];
};
