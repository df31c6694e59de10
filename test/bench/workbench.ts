import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { foldBlocks } from '../../src/draw/graph/fold.ts';
import { graphPicture } from '../../src/draw/graph/layered-view.ts';
import { layoutGraph } from '../../src/draw/graph/layout.ts';
import { rasterOf } from '../../src/draw/graph/raster.ts';
import { median } from './machine.ts';
import type { Bench } from './main.ts';
import { openPtyProgram, type PtyProgram } from './pty-program.ts';
import { prepareWorkbench, type WorkbenchPlace, wandProgram } from './workbench-place.ts';

/** The goals of the workbench, at 200x60 (docs/workbench.md). */
const goals = {
  frameRatio: 0.25,
  rowMoveBytes: 270,
  scrollBytes: 5_500,
  firstByte: 5,
  cpuKey: 10,
  idleCpu: 0,
  idleBytes: 0,
  tailCpu: 15,
  tailKilobytes: 12,
  memory: 150,
  layout: 200,
};

type Figure = { name: string; unit: string; value: number | null; goal?: number; remark?: string };

/** First frame, bytes, latency, processor and memory of the workbench on a pseudo-terminal, beside visidata where that is installed. */
export const workbenchBench: Bench = {
  name: 'workbench',
  about: 'first frame beside visidata, bytes and CPU a key, idle, tailing, memory, at 200x60',
  run: async ({ json }) => {
    const place = await prepareWorkbench();
    try {
      await place.wand(['run', 'wide/many']);
      const figures = [
        ...(await firstFrames(place)),
        ...(await mounting(place)),
        ...(await keys(place)),
        ...(await tailing(place)),
        ...layouts(),
      ];
      if (json) console.log(JSON.stringify({ bench: 'workbench', figures }));
      else for (const figure of figures) print(figure);
      return figures.every(({ value, goal }) => value === null || goal === undefined || value <= goal);
    } finally {
      await place.remove();
    }
  },
};

const print = ({ name, unit, value, goal, remark }: Figure): void => {
  const shown = value === null ? 'skipped: not installed' : `${round(value)} ${unit}`.trim();
  const verdict =
    value === null || goal === undefined ? '' : value <= goal ? `  (goal ${goal})` : `  MISSED, goal ${goal}`;
  console.log(`${name.padEnd(44)} ${shown}${verdict}${remark ? `  ${remark}` : ''}`);
};

const round = (value: number): number => (value < 10 ? Math.round(value * 100) / 100 : Math.round(value));

const inTable = {
  pipelineName: 'many',
  tab: 'data',
  focus: 'data',
  table: { profile: 'default', schema: 'public', table: 'trips', kind: 'table', rowEstimate: 10_000, bytes: 1_000_000 },
} as const;

const openWand = ({ root, environment }: WorkbenchPlace): PtyProgram =>
  openPtyProgram(process.execPath, [wandProgram], { directory: root, environment });

const quit = async (program: PtyProgram): Promise<void> => {
  program.type('\u0003');
  await program.ended;
};

const starts = 10;

/** Pairs, one after the other, so that what else the machine does meets both. */
const firstFrames = async (place: WorkbenchPlace): Promise<Figure[]> => {
  place.leaveAt(inTable);
  const names = await settledNames(place);
  const full = (screen: string): boolean => names.every((name) => screen.includes(name));
  const hasVisidata = spawnSync('visidata', ['--version']).status === 0;
  const wand: number[] = [];
  const visidata: number[] = [];
  for (let round = 0; round < starts; round++) {
    place.leaveAt(inTable);
    const program = openWand(place);
    wand.push(await program.since(full));
    await program.settle(100);
    await quit(program);
    if (!hasVisidata) continue;
    const other = openPtyProgram('visidata', [place.csv], { directory: place.root, environment: place.environment });
    visidata.push(await other.since((screen) => screen.includes('trip-000001') && screen.includes('trip-000050')));
    await other.settle(100);
    other.type('q');
    await other.ended;
  }
  const [own, peer] = [median(wand), hasVisidata ? median(visidata) : null];
  return [
    { name: 'first full frame, 100 blocks and a table', unit: 'ms', value: own, remark: spread(wand) },
    { name: '  of visidata on the same rows', unit: 'ms', value: peer, remark: hasVisidata ? spread(visidata) : '' },
    { name: '  ratio', unit: '', value: peer === null ? null : own / peer, goal: goals.frameRatio },
  ];
};

const spread = (values: number[]): string => `${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))}`;

/** Names of blocks and trips on the screen once it does not change any more: what a full frame must have. */
const settledNames = async (place: WorkbenchPlace): Promise<string[]> => {
  const program = openWand(place);
  await program.since((screen) => screen.includes('trip-000001') && /block_\d+/.test(screen));
  await program.settle(1_000);
  const names = [...new Set(program.screen().match(/block_\d+|trip-\d+/g))];
  const blocks = names.filter((name) => name.startsWith('block')).length;
  if (blocks < 10 || names.length - blocks < 10) throw new Error(`the screen is not full:\n${program.screen()}`);
  await quit(program);
  return names;
};

/** Keys typed from the first full frame on, until long after Ink has mounted (at 1.5 s at the latest): each one has to move the cursor. */
const mounting = async (place: WorkbenchPlace): Promise<Figure[]> => {
  place.leaveAt(inTable);
  const program = openWand(place);
  // The states of the blocks are there: what changes in the graph from now on changes by Ink. The ages of runs, to the left, go on.
  await program.since((screen) => screen.includes('trip-000001') && /✓ block_\d+/.test(screen));
  const graph = program.rows().flatMap((row, y) => {
    const from = row.search(/. block_\d+/);
    return from < 0 ? [] : [{ y, from, cells: program.cells(y).slice(from) }];
  });
  const began = performance.now();
  let typed = 0;
  for (; performance.now() - began < 3_000; typed++) {
    program.type('j');
    await pause(20);
  }
  await program.settle(500);
  const row = Number(/cell ([\d,]+),\d+/.exec(program.screen())?.[1]?.replaceAll(',', ''));
  const changed = graph.flatMap(({ y, from, cells }) =>
    program
      .cells(y)
      .slice(from)
      .filter((cell, x) => cell !== cells[x]),
  ).length;
  await quit(program);
  return [
    { name: `keys lost of ${typed} while Ink mounts`, unit: '', value: typed + 1 - row, goal: 0 },
    { name: `cells of ${graph.length} rows of the graph it changes`, unit: '', value: changed, goal: 0 },
  ];
};

const keyPause = 40;

const keys = async (place: WorkbenchPlace): Promise<Figure[]> => {
  place.leaveAt(inTable);
  const program = openWand(place);
  await program.since((screen) => screen.includes('trip-000001') && /block_\d+/.test(screen));
  await program.settle(1_000);
  const rows = program.rows().filter((row) => row.includes('trip-')).length;
  const moves: number[] = [];
  const latencies: number[] = [];
  for (let key = 0; key < rows - 2; key++) {
    const before = program.bytes();
    latencies.push(await program.firstByteAfter('j'));
    await pause(keyPause);
    moves.push(program.bytes() - before);
  }
  await program.firstByteAfter('j');
  await pause(keyPause);
  const scrolls: number[] = [];
  const cpuBefore = program.cpu();
  const scrollKeys = 200;
  for (let key = 0; key < scrollKeys; key++) {
    const before = program.bytes();
    latencies.push(await program.firstByteAfter('j'));
    await pause(keyPause);
    scrolls.push(program.bytes() - before);
  }
  const scrollCpu = (program.cpu() - cpuBefore) / scrollKeys;
  const moveBefore = program.cpu();
  for (let key = 0; key < scrollKeys; key++) {
    program.type(key % 2 === 0 ? 'k' : 'j');
    await pause(keyPause);
  }
  const moveCpu = (program.cpu() - moveBefore) / scrollKeys;
  for (let key = 0; key < 1_000 - 2 * scrollKeys; key++) {
    program.type(key % 300 < 150 ? 'j' : 'k');
    await pause(5);
  }
  await program.settle(1_000);
  const [bytes, idle] = [program.bytes(), program.cpu()];
  await pause(10_000);
  const idleCpu = (program.cpu() - idle) / 100;
  const idleBytes = (program.bytes() - bytes) / 10;
  const { rss, pss } = memoryOf(program.pid);
  await quit(program);
  return [
    { name: 'a row move', unit: 'bytes', value: median(moves), goal: goals.rowMoveBytes },
    { name: 'a scroll by one row', unit: 'bytes', value: median(scrolls), goal: goals.scrollBytes },
    { name: 'key to first byte, median', unit: 'ms', value: median(latencies), goal: goals.firstByte },
    { name: 'CPU a key, row move', unit: 'ms', value: moveCpu, goal: goals.cpuKey },
    { name: 'CPU a key, scroll', unit: 'ms', value: scrollCpu, goal: goals.cpuKey },
    { name: 'idle for 10 s: CPU', unit: '%', value: idleCpu, goal: goals.idleCpu },
    { name: 'idle for 10 s: output', unit: 'bytes/s', value: idleBytes, goal: goals.idleBytes },
    {
      name: 'memory after 1,000 keys: RSS',
      unit: 'MB',
      value: rss,
      goal: goals.memory,
      remark: `PSS ${round(pss)} MB`,
    },
  ];
};

/** The workbench follows a block that writes 200 lines a second. */
const tailing = async (place: WorkbenchPlace): Promise<Figure[]> => {
  place.leaveAt({ pipelineName: 'chatty', tab: 'logs', focus: 'logs' });
  const program = openWand(place);
  await program.since((screen) => screen.includes('chatty'));
  await program.settle(1_000);
  program.type('r');
  await program.since((screen) => /line \d{3,} of a log/.test(screen));
  await pause(2_000);
  const [bytes, cpu, began] = [program.bytes(), program.cpu(), performance.now()];
  await pause(10_000);
  const seconds = (performance.now() - began) / 1_000;
  const share = (program.cpu() - cpu) / 10 / seconds;
  const rate = (program.bytes() - bytes) / 1_000 / seconds;
  program.type('x');
  await pause(500);
  program.type('y');
  await pause(2_000);
  await quit(program);
  return [
    { name: 'tailing 200 lines/s: CPU', unit: '%', value: share, goal: goals.tailCpu },
    { name: 'tailing 200 lines/s: output', unit: 'KB/s', value: rate, goal: goals.tailKilobytes },
  ];
};

/** The first layout of a pipeline of 500 blocks, lines and all, in this process. */
const layouts = (): Figure[] => {
  const nodes = Array.from({ length: 500 }, (_, index) => ({
    id: String(index),
    width: 14,
    // Each reads from one or two of the eight blocks before it.
    upstream:
      index === 0
        ? []
        : [...new Set([1 + (index % 8), 1 + ((index * 7) % (index % 3 === 0 ? 5 : 8))])]
            .slice(0, index % 3 === 0 ? 2 : 1)
            .map((back) => String(Math.max(0, index - back))),
  }));
  const blocks = nodes.map(({ id, upstream }) => ({
    id,
    name: `block_${id}`,
    upstream,
    status: 'completed' as const,
    rows: '',
    time: '',
    remark: '',
  }));
  const folderOf = (id: string): string => `folder_${Math.floor(Number(id) / 20)}`;
  const timed = (name: string, work: () => unknown): Figure => {
    const began = performance.now();
    work();
    return { name, unit: 'ms', value: performance.now() - began, goal: goals.layout };
  };
  return [
    timed('layout of 500 blocks', () => rasterOf(layoutGraph(nodes, { nodeHeight: 1 }))),
    timed('  as boxes from top to bottom', () => graphPicture(blocks, 0, 'stacked')),
    timed('  folded into 25 folders', () => graphPicture(foldBlocks(blocks, folderOf).blocks, 0)),
  ];
};

const memoryOf = (pid: number): { rss: number; pss: number } => {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (key: string): number =>
    Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) / 1_024;
  return { rss: megabytes('Rss'), pss: megabytes('Pss') };
};
