import { afterEach, beforeEach, expect, test } from 'vitest';
import { cancelRun } from '../../src/engine/cancel.ts';
import { startRun } from '../../src/engine/client/start-run.ts';
import type { AttemptResult } from '../../src/model/block-task.ts';
import { type TestEngine, testEngine, testPipeline } from '../support/engine.ts';

let engine: TestEngine;
beforeEach(async () => {
  engine = await testEngine();
});
afterEach(() => engine.close());

const done: AttemptResult = { status: 'completed', outputs: [], rows: 1, tests: [] };

test('blocks of several runs that end at once are all finished, each once', async () => {
  const wide = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`b${at}`, at < 10 ? [] : [`b${at % 10}`]]));
  const ran: string[] = [];
  await engine.worker(
    async ({ runId, uuid }) => {
      ran.push(`${runId} ${uuid}`);
      return done;
    },
    { concurrency: 8 },
  );
  const ids = await Promise.all(
    [1, 2, 3].map(() => startRun(engine.client, { ...testPipeline(wide), trigger: 'test' })),
  );
  for (const id of ids) expect((await engine.ended(id)).run.status).toBe('completed');
  expect(ran.length).toBe(90);
  expect(new Set(ran).size).toBe(90);
});

test('an outcome that the database refuses keeps no other from being stored', async () => {
  const both = Promise.withResolvers<void>();
  let begun = 0;
  await engine.worker(async ({ uuid }) => {
    begun += 1;
    if (begun === 3) both.resolve();
    await both.promise;
    // Postgres has no such number; what it was to be a part of must not fail with it.
    return uuid === 'bad' ? { ...done, rows: Number.MAX_VALUE } : done;
  });
  const id = await startRun(engine.client, { ...testPipeline({ a: [], bad: [], c: [] }), trigger: 'test' });
  await expect
    .poll(async () => {
      const { rows } = await engine.client.store.pool.query<{ uuid: string }>(
        `select uuid from wand.block_run where run_id = $1 and status = 'completed' order by uuid`,
        [id],
      );
      return rows.map(({ uuid }) => uuid);
    })
    .toEqual(['a', 'c']);
  // Or the worker would go on trying for a minute.
  await cancelRun(engine.client.store, id);
});
