import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRun } from '../../src/engine/client/index.ts';
import { readAttempts, similarFailures } from '../../src/store/queries/read-attempts.ts';
import { type TestEngine, testEngine, testPipeline } from '../support/engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

test('attempts are kept apart, and runs that failed alike are found whatever their numbers', async () => {
  const messages = ['row 12 is bad', 'row 99 is bad', 'disk is full', 'row 7 is bad'];
  let calls = 0;
  await engine.worker(async ({ runId, attempt }) => {
    calls += 1;
    const message = attempt === 1 ? `first try of ${runId}` : messages[(calls - 2) / 2]!;
    const error = { type: 'ValueError', message, file: '/x.py', line: attempt, traceback: null };
    return { status: 'failed', error, outputs: [], tests: [] };
  });
  const { project, pipeline } = testPipeline({ load: [] }, { load: { retryConfig: { retries: 1, delay: 0.01 } } });
  const runs: string[] = [];
  for (const _ of messages) {
    const id = await startRun(engine.client, { project, pipeline, trigger: 'test' });
    await engine.ended(id);
    runs.push(id);
  }
  const { pool } = engine.client.store;
  const attempts = await readAttempts(pool, runs[0]!, 'load');
  expect(attempts.map(({ attempt, status, error }) => [attempt, status, error!.message, error!.line])).toEqual([
    [1, 'failed', `first try of ${runs[0]}`, 1],
    [2, 'failed', 'row 12 is bad', 2],
  ]);
  const time = expect.stringMatching(/^\d{4}-.*Z$/);
  expect(await similarFailures(pool, runs[0]!, 'load')).toEqual([
    { runId: runs[3], time, attempt: 2, message: 'row 7 is bad', line: 2 },
    { runId: runs[1], time, attempt: 2, message: 'row 99 is bad', line: 2 },
  ]);
  expect(await similarFailures(pool, runs[2]!, 'load')).toEqual([]);
});
