// `npm run bench [name] [-- options]`: measurements on this machine, printed with what they were measured on.
import { parseArgs } from 'node:util';
import { blocksBench } from './blocks.ts';
import { engineBench } from './engine.ts';
import { latencyBench } from './latency.ts';
import { printMachine } from './machine.ts';
import { taxiBench } from './taxi.ts';
import { workbenchBench } from './workbench.ts';

export type BenchOptions = { pairs: number; json: boolean };
export type Bench = { name: string; about: string; run(options: BenchOptions): Promise<boolean> };

const benches: Bench[] = [taxiBench, latencyBench, blocksBench, engineBench, workbenchBench];

const usage = `usage: npm run bench -- [NAME...] [--pairs N] [--json]
${benches.map(({ name, about }) => `  ${name.padEnd(9)} ${about}`).join('\n')}`;

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      pairs: { type: 'string', default: '5' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name));
  const pairs = Number(values.pairs);
  if (values.help || unknown.length > 0 || !Number.isInteger(pairs) || pairs < 1) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const chosen = benches.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  if (!values.json) printMachine();
  let kept = true;
  for (const bench of chosen) kept = (await bench.run({ pairs, json: values.json })) && kept;
  return kept ? 0 : 1;
};

process.exitCode = await main();
