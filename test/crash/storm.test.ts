import { expect, test } from 'vitest';
import { testInterpreter } from '../support/python.ts';
import { storm } from './storm.ts';

// `npm run test:crash` does the same with 10 x 300 blocks.
test.each([1, 2])(
  'in storm %i of kill -9 every block completes exactly once',
  async () => {
    const { interpreter } = await testInterpreter();
    const seed = Math.floor(Math.random() * 1_000_000);
    const report = await storm({ seed, blocks: 30, python: interpreter?.command ?? null, mostKills: 4 });
    expect(report, `seed ${seed}`).toMatchObject({ problems: [], blocks: 30 });
    expect(report.lost, `seed ${seed}: a storm in which nothing was lost proves nothing`).toBeGreaterThan(0);
  },
  300_000,
);
