import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findOwed, owedCallbacks } from '../../src/engine/callbacks.ts';
import { startRun } from '../../src/engine/client/index.ts';
import { executeClaim } from '../../src/engine/execute-claim.ts';
import { buryWorker } from '../../src/engine/liveness.ts';
import type { ExecuteClaim } from '../../src/engine/run-attempt.ts';
import type { RunSnapshot } from '../../src/model/run.ts';
import { type TestEngine, testEngine, testPipeline } from '../support/engine.ts';
import { until } from '../support/until.ts';

const done = { status: 'completed' as const, outputs: [], rows: null, tests: [] };
const statuses = ({ blocks }: RunSnapshot) => Object.fromEntries(blocks.map(({ uuid, status }) => [uuid, status]));
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('semantics of a run', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await testEngine();
  });
  afterAll(() => engine.close());

  const withWorker = async <Result>(execute: ExecuteClaim, work: () => Promise<Result>, concurrency = 4) => {
    const worker = await engine.worker(execute, { concurrency });
    try {
      return await work();
    } finally {
      await worker.stop('kill');
    }
  };

  test('a block whose condition is not met passes that on, and the run completes', async () => {
    const snapshot = await withWorker(
      async (claim) => (claim.uuid === 'no' ? { status: 'condition_failed' } : done),
      async () => {
        const given = testPipeline({ no: [], yes: [], below: ['no'], join: ['no', 'yes'] });
        return engine.ended(await startRun(engine.client, { ...given, trigger: 'test' }));
      },
    );
    expect(snapshot.run.status).toBe('completed');
    expect(statuses(snapshot)).toEqual({
      no: 'condition_failed',
      yes: 'completed',
      below: 'condition_failed',
      join: 'condition_failed',
    });
  });

  test('a callback that a worker died with is owed again', async () => {
    const { pool } = engine.client.store;
    const given = testPipeline({ a: [] });
    const callback = { ...given.pipeline.blocks[0]!, uuid: 'tell', type: 'callback', upstream: ['a'] };
    given.pipeline.callbacks = [callback];
    const id = await startRun(engine.client, { ...given, trigger: 'test' });
    const dead = randomUUID();
    await pool.query(
      `insert into wand.worker (id, host, pid, lock_key, foreground, version, schema_version) values ($1, 'x', 1, 1, false, 't', 1)`,
      [dead],
    );
    const { rows } = await pool.query<{ id: string }>('select id::text from wand.block_run where run_id = $1', [id]);
    const block = rows[0]!.id;
    await engine.claim(dead, 'x');
    await pool.query('select wand.advance($1, 1, $2, $3, $4, false)', [block, dead, 'x', JSON.stringify(done)]);
    const taken = await pool.query('select wand.take_callback($1, $2) as owed', [block, dead]);
    expect(taken.rows[0].owed.callback.status).toBe('success');
    expect((await pool.query('select wand.take_callback($1, $2) as owed', [block, randomUUID()])).rows[0].owed).toBe(
      null,
    );
    await buryWorker(engine.client.store, engine.queue, dead);
    await sleep(1_050);
    expect(await findOwed(engine.client.store, randomUUID(), false)).toEqual([block]);
    await withWorker(
      async () => done,
      () => until('no callback owed', async () => (await owedCallbacks(engine.client.store, id)) === 0),
    );
  });

  test('a block that only waits leaves its slot to another', async () => {
    let otherRan = false;
    const snapshot = await withWorker(
      async (claim, { onWaiting }) => {
        if (claim.uuid === 'other') otherRan = true;
        else {
          onWaiting?.(true);
          await until('the other block', () => otherRan);
          onWaiting?.(false);
        }
        return done;
      },
      async () =>
        engine.ended(await startRun(engine.client, { ...testPipeline({ waits: [], other: [] }), trigger: 'test' })),
      1,
    );
    expect(snapshot.run.status).toBe('completed');
  });

  test.each([
    ['failed', undefined],
    ['cancelled', 'cancelled' as const],
  ])('a run that has had its time is %s', async (status, timeoutStatus) => {
    const snapshot = await withWorker(
      async (_, { signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return done;
      },
      async () => {
        const settings = { timeout: 0.2, ...(timeoutStatus ? { timeoutStatus } : {}) };
        return engine.ended(
          await startRun(engine.client, { ...testPipeline({ a: [], b: ['a'] }), trigger: 'test', settings }),
        );
      },
    );
    expect([snapshot.run.status, statuses(snapshot)]).toEqual([status, { a: 'cancelled', b: 'cancelled' }]);
  });

  test('runs of one trigger above pipeline_run_limit wait for each other', async () => {
    let now = 0;
    let most = 0;
    const given = testPipeline({ a: [] });
    given.pipeline.concurrencyConfig = { pipeline_run_limit: 1 };
    await withWorker(
      async () => {
        now += 1;
        most = Math.max(most, now);
        await sleep(30);
        now -= 1;
        return done;
      },
      async () => {
        const ids = await Promise.all(
          [1, 2, 3, 4].map(() => startRun(engine.client, { ...given, trigger: 'limited' })),
        );
        const ended = await Promise.all(ids.map((id) => engine.ended(id)));
        expect(ended.map(({ run }) => run.status)).toEqual(['completed', 'completed', 'completed', 'completed']);
      },
    );
    expect(most).toBe(1);
  });

  test('runs of all triggers together above pipeline_run_limit_all_triggers wait for each other', async () => {
    let now = 0;
    let most = 0;
    const given = testPipeline({ a: [] });
    given.pipeline.uuid = 'limited_in_all';
    given.pipeline.concurrencyConfig = { pipeline_run_limit_all_triggers: 2 };
    await withWorker(
      async () => {
        now += 1;
        most = Math.max(most, now);
        await until('two at once', () => now >= 2 || most >= 2);
        await sleep(30);
        now -= 1;
        return done;
      },
      async () => {
        const triggers = ['one', 'two', 'three', 'one', 'two', 'three'];
        const ids = await Promise.all(triggers.map((trigger) => startRun(engine.client, { ...given, trigger })));
        const ended = await Promise.all(ids.map((id) => engine.ended(id)));
        expect(ended.every(({ run }) => run.status === 'completed')).toBe(true);
      },
      6,
    );
    expect(most).toBe(2);
  });

  test('a run above the limit is cancelled at once where the pipeline says skip', async () => {
    const given = testPipeline({ a: [] });
    given.pipeline.concurrencyConfig = { pipeline_run_limit: 1, on_pipeline_run_limit_reached: 'skip' };
    const first = await startRun(engine.client, { ...given, trigger: 'skipping' });
    const second = await engine.ended(await startRun(engine.client, { ...given, trigger: 'skipping' }));
    expect(second.run.status).toBe('cancelled');
    await withWorker(
      async () => done,
      async () => expect((await engine.ended(first)).run.status).toBe('completed'),
    );
  });

  test('a dynamic block without items gives no children, and what is below goes on', async () => {
    const snapshot = await withWorker(
      // Fans are the engine's own; anything else is done here.
      async (claim, ports) => (claim.definition.fan ? executeClaim(claim, ports) : done),
      async () => {
        const given = testPipeline(
          { items: [], child: ['items'], after: ['child'] },
          { items: { configuration: { dynamic: true } }, child: { configuration: { reduce_output: true } } },
        );
        return engine.ended(await startRun(engine.client, { ...given, trigger: 'test' }));
      },
    );
    expect(statuses(snapshot)).toEqual({ items: 'completed', child: 'completed', after: 'completed' });
  });
});
