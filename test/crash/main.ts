// `npm run test:crash [-- --rounds 10 --blocks 300 --seed N]`: storms of kill -9, each checked for every block done exactly once.
// `npm run test:crash -- --table 10`: the tests of docs/crash-table.md, ten times.
import { parseArgs } from 'node:util';
import { testInterpreter } from '../support/python.ts';
import serverForTests from '../support/server.ts';
import { type StormReport, storm } from './storm.ts';
import { runTable } from './table.ts';

const usage = 'usage: npm run test:crash -- [--rounds N] [--blocks N] [--seed N] | --table N';

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '10' },
      blocks: { type: 'string', default: '300' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      table: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const [rounds, blocks, seed] = [values.rounds, values.blocks, values.seed].map(Number) as [number, number, number];
  if (values.help || ![rounds, blocks, seed].every((number) => Number.isInteger(number) && number >= 0) || blocks < 2) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  if (values.table !== undefined) {
    const times = Number(values.table);
    if (Number.isInteger(times) && times > 0) return (await runTable(times)) ? 0 : 1;
    console.error(usage);
    return 2;
  }
  const leave = await serverForTests();
  try {
    const python = await testInterpreter();
    if (python.skip) console.log(`without Python blocks: ${python.skip}`);
    console.log(`${rounds} rounds of ${blocks} blocks; seed ${seed} (repeat with --seed ${seed})`);
    let failed = 0;
    for (let round = 1; round <= rounds; round += 1) {
      const report = await storm({ seed: seed + round - 1, blocks, python: python.interpreter?.command ?? null });
      console.log(`round ${String(round).padStart(2)}: ${sentenceOf(report)}`);
      for (const problem of report.problems.slice(0, 20)) console.log(`  ${problem}`);
      if (report.problems.length > 0) failed += 1;
    }
    console.log(failed === 0 ? 'every block completed exactly once' : `${failed} of ${rounds} rounds failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    await leave();
  }
};

const sentenceOf = ({
  problems,
  blocks,
  rows,
  lost,
  adopted,
  kills,
  commandsKilled,
  seconds,
  seed,
}: StormReport): string =>
  `${problems.length === 0 ? 'ok' : 'FAILED'}  ${blocks} blocks, ${rows} rows; ${kills.background + kills.foreground} workers killed from outside, ` +
  `${commandsKilled} foreground runs killed; ${lost} attempts lost, ${adopted} of them after their data was committed; ${seconds} s (seed ${seed})`;

process.exitCode = await main();
