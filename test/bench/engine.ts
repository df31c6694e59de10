import { spawnSync } from 'node:child_process';
import { type EnginePlace, prepareEngine } from './engine-place.ts';
import { chains, fan, large } from './engine-project.ts';
import { machineFacts, median } from './machine.ts';
import type { Bench } from './main.ts';
import { cpuOver, memoryNow } from './memory.ts';

/** A figure of the issue: the median of `of`, at most (or at least) so much. */
type Target = { what: string; of(figures: Figures): number; limit: number; atLeast?: boolean; unit: string };
type Figures = Map<string, number[]>;

const names = {
  boss: 'bare pg-boss chain, ms a step',
  true: '`true`, ms',
  python: '`python3 -c pass`, ms',
  sql: 'chain of 100 SQL no-ops, ms a block',
  typescript: 'chain of 100 TypeScript no-ops, ms a block',
  python_chain: 'chain of 100 Python no-ops, ms a block',
  fan: 'fan-out of 1,000 SQL no-ops, blocks/s',
  submit: 'submit of 2,000 blocks, ms',
  first: 'submit to the first block running, ms',
  cpu: 'idle worker, % of a core over 10 s',
  memory: 'idle worker process, MB PSS',
};

const of = (name: string) => (figures: Figures) => median(figures.get(name) ?? [Number.NaN]);

const targets: Target[] = [
  {
    what: 'SQL chain against pg-boss',
    of: (figures) => of(names.sql)(figures) / of(names.boss)(figures),
    limit: 0.7,
    unit: 'x',
  },
  { what: 'TypeScript chain', of: of(names.typescript), limit: 8, unit: ' ms a block' },
  { what: 'Python chain', of: of(names.python_chain), limit: 8, unit: ' ms a block' },
  { what: 'fan-out', of: of(names.fan), limit: 600, atLeast: true, unit: ' blocks/s' },
  { what: 'submit of 2,000 blocks', of: of(names.submit), limit: 1_000, unit: ' ms' },
  { what: 'first block', of: of(names.first), limit: 50, unit: ' ms' },
  { what: 'idle CPU', of: of(names.cpu), limit: 1, unit: ' %' },
  { what: 'idle memory', of: of(names.memory), limit: 120, unit: ' MB PSS' },
];

/** Chains and fans of blocks that do nothing, through a background worker, beside a bare pg-boss chain and bare processes in the same rounds. */
export const engineBench: Bench = {
  name: 'engine',
  about: 'milliseconds a block in chains and fans, beside a bare pg-boss chain, `true` and `python3 -c pass`',
  run: async ({ pairs, json }) => {
    const place = await prepareEngine();
    try {
      const figures = await measure(place, pairs);
      const tree = memoryNow(place.home).map(({ name, pss }) => ({ name, mb: Math.round(pss / 1e5) / 10 }));
      const verdicts = targets.map((target) => ({
        ...target,
        value: target.of(figures),
        kept: isKept(target, figures),
      }));
      if (json) {
        const { load } = machineFacts();
        console.log(JSON.stringify({ bench: 'engine', load, figures: Object.fromEntries(figures), tree, verdicts }));
      } else print(figures, tree, verdicts);
      return verdicts.every(({ kept }) => kept);
    } finally {
      await place.remove();
    }
  },
};

const isKept = ({ of: value, limit, atLeast }: Target, figures: Figures): boolean =>
  atLeast ? value(figures) >= limit : value(figures) <= limit;

/** Each round has one of everything, so that what else the machine does meets all alike; the first round warms up and does not count. */
const measure = async (place: EnginePlace, rounds: number): Promise<Figures> => {
  const figures: Figures = new Map();
  for (let round = 0; round <= rounds; round += 1) {
    const values = await oneRound(place);
    if (round > 0) for (const [name, value] of values) figures.set(name, [...(figures.get(name) ?? []), value]);
  }
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  const worker = () => memoryNow(place.home).find(({ name }) => name.endsWith('main.js'));
  figures.set(names.cpu, [await cpuOver(worker()?.pid ?? 0, 10_000)]);
  figures.set(names.memory, [(worker()?.pss ?? Number.NaN) / 1e6]);
  return figures;
};

const oneRound = async (place: EnginePlace): Promise<[string, number][]> => {
  const boss = await place.boss.run(100);
  const sql = await place.run(chains[0]!);
  const bossAgain = await place.boss.run(100);
  const sqlAgain = await place.run(chains[0]!);
  const typescript = await place.run(chains[1]!);
  const python = await place.run(chains[2]!);
  const wide = await place.run(fan);
  return [
    [names.boss, boss],
    [names.boss, bossAgain],
    [names.true, timeOf('true', [])],
    [names.python, timeOf('python3', ['-c', 'pass'])],
    [names.sql, sql.total / 100],
    [names.sql, sqlAgain.total / 100],
    [names.typescript, typescript.total / 100],
    [names.python_chain, python.total / 100],
    [names.fan, fan.blocks / (wide.total / 1_000)],
    [names.submit, await place.submit(large)],
    [names.first, sql.first],
    [names.first, sqlAgain.first],
  ];
};

const timeOf = (command: string, args: string[]): number => {
  const began = performance.now();
  spawnSync(command, args);
  return performance.now() - began;
};

type Verdict = Target & { value: number; kept: boolean };

const print = (figures: Figures, tree: { name: string; mb: number }[], verdicts: Verdict[]): void => {
  console.log('medians of rounds that had one of everything each (least to most):');
  for (const [name, values] of figures) {
    const range = values.length > 1 ? ` (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})` : '';
    console.log(`  ${name.padEnd(46)} ${median(values).toFixed(2).padStart(8)}${range}`);
  }
  console.log(`processes, MB PSS: ${tree.map(({ name, mb }) => `${name} ${mb}`).join(', ')}`);
  for (const { what, value, limit, atLeast, unit, kept } of verdicts) {
    const wanted = `${atLeast ? 'at least' : 'at most'} ${limit}${unit}`;
    console.log(`  ${kept ? '✓' : '✗'} ${what}: ${value.toFixed(2)}${unit} (${wanted})`);
  }
  console.log(`load at the end: ${machineFacts().load.join(' ')}`);
};
