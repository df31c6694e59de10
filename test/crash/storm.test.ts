import { expect, test } from 'vitest';
import { testInterpreter } from '../support/python.ts';
import { storm } from './storm.ts';

/** `npm run test:crash` does the same with 10 x 300 blocks and seeds of its own. */
const seeds = [21, 42, 63, 84, 105];

test('in storms of kill -9 every block completes exactly once, also one that died after its data was committed', {
  timeout: 600_000,
}, async () => {
  const { interpreter } = await testInterpreter();
  let adopted = 0;
  for (const [index, seed] of seeds.entries()) {
    const report = await storm({ seed, blocks: 30, python: interpreter?.command ?? null, mostKills: 4 });
    expect(report, `the storm with seed ${seed}`).toMatchObject({ problems: [], blocks: 30 });
    expect(report.lost, `a storm in which nothing was lost proves nothing, seed ${seed}`).toBeGreaterThan(0);
    adopted += report.adopted;
    // On a busy machine a kill from outside may come before the planned death between the two commits: then a further storm shows it.
    if (index > 0 && adopted > 0) break;
  }
  expect(adopted, 'data that was committed before its worker died').toBeGreaterThan(0);
});
