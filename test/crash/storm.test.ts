import { expect, test } from 'vitest';
import { testInterpreter } from '../support/python.ts';
import { storm } from './storm.ts';

// `npm run test:crash` does the same with 10 x 300 blocks and seeds of its own. By these seeds a worker dies at each of the three points:
// after a claim, between the commit of the data and that of the state, and after both.
test.each([21, 42])('in the storm of kill -9 with seed %i every block completes exactly once', async (seed) => {
  const { interpreter } = await testInterpreter();
  const report = await storm({ seed, blocks: 30, python: interpreter?.command ?? null, mostKills: 4 });
  expect(report).toMatchObject({ problems: [], blocks: 30 });
  expect(report.lost, 'a storm in which nothing was lost proves nothing').toBeGreaterThan(0);
  expect(report.adopted, 'data that was committed before its worker died').toBeGreaterThan(0);
});
