import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRun } from '../../src/engine/client/index.ts';
import { readPast } from '../../src/store/queries/read-past.ts';
import { type TestEngine, testEngine, testPipeline } from '../support/engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

test('attempts of all blocks in the order of their start, and the median of the completed runs before', async () => {
  const usage = { cpuMs: 12, peakRssBytes: 34 };
  await engine.worker(async ({ uuid, attempt }) =>
    uuid === 'b' && attempt === 1
      ? {
          status: 'failed',
          outputs: [],
          tests: [],
          error: { type: 'E', message: 'm', file: null, line: null, traceback: null },
        }
      : { status: 'completed', outputs: [], tests: [], rows: 1, usage },
  );
  const made = testPipeline({ a: [], b: ['a'] }, { b: { retryConfig: { retries: 1, delay: 0.01 } } });
  const ids: string[] = [];
  for (let run = 0; run < 3; run++) {
    ids.push(await startRun(engine.client, { ...made, trigger: 'test' }));
    await engine.ended(ids.at(-1)!);
  }
  const { pool } = engine.client.store;
  for (const [index, seconds] of [4, 10].entries()) {
    await pool.query(`update wand.run set finished_at = started_at + $2 * interval '1 second' where id = $1`, [
      ids[index],
      seconds,
    ]);
    await pool.query(
      `update wand.block_run set finished_at = started_at + $2 * interval '1 second' where run_id = $1 and uuid = 'a'`,
      [ids[index], seconds / 2],
    );
  }
  const first = await readPast(pool, ids[0]!);
  expect(first.usual).toEqual({ run: null, blocks: {} });
  const { attempts, usual } = await readPast(pool, ids[2]!);
  expect(attempts.map(({ block, attempt, status }) => [block, attempt, status])).toEqual([
    ['a', 1, 'completed'],
    ['b', 1, 'failed'],
    ['b', 2, 'completed'],
  ]);
  expect(usual.run).toBeCloseTo(7_000);
  expect(usual.blocks.a).toBeCloseTo(3_500);
});
