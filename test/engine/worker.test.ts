import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cancelRun, startRun } from '../../src/engine/client/index.ts';
import type { ExecuteClaim } from '../../src/engine/run-attempt.ts';
import type { BlockResult } from '../../src/model/block-task.ts';
import type { RunSnapshot } from '../../src/model/run.ts';
import { readLog } from '../../src/store/queries/logs.ts';
import { type TestEngine, testEngine, testPipeline } from '../support/engine.ts';

const done: BlockResult = { status: 'completed', outputs: [], rows: 3, tests: [] };
const failure = (message: string): BlockResult => ({
  status: 'failed',
  outputs: [],
  tests: [],
  error: { type: 'ValueError', message, file: 'x.py', line: 3, traceback: null },
});
const statuses = ({ blocks }: RunSnapshot) => Object.fromEntries(blocks.map(({ uuid, status }) => [uuid, status]));
const diamond = { load: [], left: ['load'], right: ['load'], join: ['left', 'right'] };

describe('a worker', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await testEngine();
  });
  afterAll(() => engine.close());

  /** Runs edges with an executor on a fresh worker and waits for the end. */
  const run = async (
    edges: Record<string, string[]>,
    execute: ExecuteClaim,
    settings = {},
    blocks: Parameters<typeof testPipeline>[1] = {},
  ) => {
    const worker = await engine.worker(execute);
    const id = await startRun(engine.client, { ...testPipeline(edges, blocks), trigger: 'test', settings });
    const snapshot = await engine.ended(id);
    await worker.stop('drain');
    return snapshot;
  };

  test('starts a block only when all its upstream blocks are done', async () => {
    const order: string[] = [];
    const snapshot = await run(diamond, async (claim) => {
      order.push(`${claim.uuid} starts`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push(`${claim.uuid} ends`);
      return done;
    });
    expect(snapshot.run.status).toBe('completed');
    expect(order[0]).toBe('load starts');
    expect(order.indexOf('load ends')).toBeLessThan(order.indexOf('left starts'));
    expect(order.indexOf('join starts')).toBeGreaterThan(
      Math.max(order.indexOf('left ends'), order.indexOf('right ends')),
    );
  });

  test('runs independent branches at the same time', async () => {
    let running = 0;
    let most = 0;
    await run({ a: [], b: [], c: [] }, async () => {
      running += 1;
      most = Math.max(most, running);
      // Waits for the others rather than for a clock.
      for (let round = 0; round < 500 && most < 3; round += 1) await new Promise((resolve) => setTimeout(resolve, 10));
      running -= 1;
      return done;
    });
    expect(most).toBe(3);
  });

  test('stores rows, outputs in order, tests and log lines of a block', async () => {
    const output = { name: 'output_0', kind: 'json' as const, path: '/x', rows: 3, columns: [], bytes: 9 };
    const snapshot = await run({ a: [] }, async (_, { log }) => {
      log({ level: 'info', source: 'stdout', text: 'first\0' });
      log({ level: 'warning', source: 'log', text: 'second' });
      return {
        ...done,
        status: 'completed',
        outputs: [output, { ...output, name: 'output_1' }],
        tests: [{ name: 't', passed: true, message: null }],
      };
    });
    expect(snapshot.blocks[0]).toMatchObject({
      rows: 3,
      outputs: [output, { ...output, name: 'output_1' }],
      tests: [{ name: 't', passed: true, message: null }],
      attempt: 1,
    });
    const lines = await readLog(engine.client.store.pool, snapshot.run.id, { after: 0 });
    expect(lines.map(({ sequence, level, text, block }) => [sequence, level, text, block])).toEqual([
      [1, 'info', 'first␀', 'a'],
      [2, 'warning', 'second', 'a'],
    ]);
    expect(await readLog(engine.client.store.pool, snapshot.run.id, { after: 0, last: 1 })).toEqual(lines.slice(1));
    expect(await readLog(engine.client.store.pool, snapshot.run.id, { after: 1 })).toEqual(lines.slice(1));
  });

  test('logs an error of several lines as lines', async () => {
    const snapshot = await run({ a: [] }, async () => failure('no such column\nHINT: another'));
    const lines = await readLog(engine.client.store.pool, snapshot.run.id, { after: 0 });
    expect(lines.map(({ level, text }) => [level, text])).toEqual([
      ['error', 'ValueError: no such column'],
      ['error', 'HINT: another'],
    ]);
  });

  test('hands a block the outputs of its upstream blocks in the order of its list', async () => {
    let inputs: string[] = [];
    await run({ a: [], b: [], c: ['b', 'a'] }, async (claim) => {
      if (claim.uuid === 'c') inputs = claim.inputs.map(({ block, outputs }) => `${block} ${outputs[0]?.path}`);
      return {
        ...done,
        outputs: [{ name: 'output_0', kind: 'json', path: claim.uuid, rows: 1, columns: null, bytes: 1 }],
      };
    });
    expect(inputs).toEqual(['b b', 'a a']);
  });

  test('ends the run at the first final failure and cancels what has not ended', async () => {
    const aborted: string[] = [];
    const { promise: slowStarted, resolve } = Promise.withResolvers<void>();
    const snapshot = await run({ bad: [], slow: [], later: ['bad'], after: ['slow'] }, async (claim, { signal }) => {
      if (claim.uuid === 'bad') {
        await slowStarted;
        return failure('no');
      }
      resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      aborted.push(claim.uuid);
      return failure('stopped');
    });
    expect(snapshot.run.status).toBe('failed');
    expect(statuses(snapshot)).toEqual({ bad: 'failed', slow: 'cancelled', later: 'cancelled', after: 'cancelled' });
    expect(aborted).toEqual(['slow']);
    expect(snapshot.blocks[0]!.error).toMatchObject({ type: 'ValueError', message: 'no', file: 'x.py', line: 3 });
  });

  test('with allow_blocks_to_fail lets other branches go on and marks descendants', async () => {
    const snapshot = await run(
      { bad: [], good: [], child: ['bad'], grandchild: ['child'], other: ['good'] },
      async (claim) => (claim.uuid === 'bad' ? failure('no') : done),
      { allowBlocksToFail: true },
    );
    expect(snapshot.run.status).toBe('failed');
    expect(statuses(snapshot)).toEqual({
      bad: 'failed',
      good: 'completed',
      child: 'upstream_failed',
      grandchild: 'upstream_failed',
      other: 'completed',
    });
  });

  test('tries a failed block again as its retry_config says', async () => {
    const attempts: number[] = [];
    const snapshot = await run(
      { flaky: [] },
      async (claim) => {
        attempts.push(claim.attempt);
        return claim.attempt < 3 ? failure('again') : done;
      },
      {},
      { flaky: { retryConfig: { retries: 3, delay: 0.05 } } },
    );
    expect(attempts).toEqual([1, 2, 3]);
    expect(snapshot.run.status).toBe('completed');
    expect(snapshot.blocks[0]!.attempt).toBe(3);
  });

  test('never runs more blocks of a run at once than its block_run_limit', async () => {
    let running = 0;
    let most = 0;
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const worker = await engine.worker(
      async (claim) => {
        running += 1;
        most = Math.max(most, running);
        // The first ones wait for each other, so that the limit is reached; then all have time to overstep it.
        for (let round = 0; round < 500 && claim.uuid !== 'root' && most < 3; round += 1) await pause(10);
        await pause(15);
        running -= 1;
        return done;
      },
      { concurrency: 8 },
    );
    const given = testPipeline({
      root: [],
      ...Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`b${n}`, ['root']])),
    });
    const pipeline = { ...given.pipeline, concurrencyConfig: { block_run_limit: 3 } };
    const id = await startRun(engine.client, { project: given.project, pipeline, trigger: 'test' });
    expect((await engine.ended(id)).run.status).toBe('completed');
    await worker.stop('drain');
    expect(most).toBe(3);
  });

  test('stops a block after its timeout, and the block has failed', async () => {
    const snapshot = await run(
      { slow: [] },
      async (_, { signal }) => {
        await new Promise((stopped) => signal.addEventListener('abort', stopped));
        return failure('stopped');
      },
      {},
      { slow: { timeout: 0.1 } },
    );
    expect(snapshot.run.status).toBe('failed');
    expect(snapshot.blocks[0]!.error).toMatchObject({
      type: 'timeout',
      message: 'not done after 0.1 s: it was stopped',
    });
  });

  test.each([1.0005, 9_999_999])('takes a timeout of %s s for what it says', async (timeout) => {
    const snapshot = await run({ quick: [] }, async () => done, {}, { quick: { timeout } });
    expect(snapshot.run.status).toBe('completed');
  });

  test('keeps a failed block waiting for its delay, whatever ends meanwhile', async () => {
    const began: string[] = [];
    const edges = {
      flaky: [],
      ...Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`b${n}`, n ? [`b${n - 1}`] : []])),
    };
    const snapshot = await run(
      edges,
      async ({ uuid, attempt }) => {
        began.push(`${uuid} ${attempt}`);
        return uuid === 'flaky' && attempt === 1 ? failure('again') : done;
      },
      {},
      { flaky: { retryConfig: { retries: 1, delay: 2 } } },
    );
    expect(snapshot.run.status).toBe('completed');
    expect(began.at(-1)).toBe('flaky 2');
  });

  test('looks by itself whether the runs of its blocks have ended: a notification may be lost', async () => {
    const { promise: started, resolve } = Promise.withResolvers<void>();
    const worker = await engine.worker(async (_, { signal }) => {
      resolve();
      await new Promise((stopped) => signal.addEventListener('abort', stopped));
      return failure('stopped');
    });
    const id = await startRun(engine.client, { ...testPipeline({ a: [] }), trigger: 'test' });
    await started;
    await engine.client.store.pool.query(
      `with ended as (update wand.run set status = 'cancelled', finished_at = clock_timestamp() where id = $1)
       update wand.block_run set status = 'cancelled' where run_id = $1`,
      [id],
    );
    await worker.stop('drain');
    const { rows } = await engine.client.store.pool.query(
      'select a.status from wand.attempt a join wand.block_run b on b.id = a.block_run_id where b.run_id = $1',
      [id],
    );
    expect(rows).toEqual([{ status: 'cancelled' }]);
  });

  test('begins nothing after it was sent away in the middle of a chain', async () => {
    const began: string[] = [];
    const worker = await engine.worker(async ({ uuid }) => {
      began.push(uuid);
      if (uuid === 'b3') void worker.stop('kill');
      return done;
    });
    const chain = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`b${n}`, n ? [`b${n - 1}`] : []]));
    const id = await startRun(engine.client, { ...testPipeline(chain), trigger: 'test' });
    await expect.poll(() => began.includes('b3')).toBe(true);
    await worker.stop('kill');
    expect(began).toEqual(['b0', 'b1', 'b2', 'b3']);
    await cancelRun(engine.client.store, id);
  });

  test('stops the blocks of a cancelled run', async () => {
    const { promise: started, resolve } = Promise.withResolvers<void>();
    const worker = await engine.worker(async (_, { signal }) => {
      resolve();
      await new Promise((stopped) => signal.addEventListener('abort', stopped));
      return failure('stopped');
    });
    const id = await startRun(engine.client, { ...testPipeline({ a: [], b: ['a'] }), trigger: 'test' });
    await started;
    expect(await cancelRun(engine.client.store, id)).toBe(true);
    expect(await cancelRun(engine.client.store, id)).toBe(false);
    const snapshot = await engine.ended(id);
    await worker.stop('drain');
    expect(snapshot.run.status).toBe('cancelled');
    expect(statuses(snapshot)).toEqual({ a: 'cancelled', b: 'cancelled' });
    const { rows } = await engine.client.store.pool.query(
      'select a.status from wand.attempt a join wand.block_run b on b.id = a.block_run_id where b.run_id = $1',
      [id],
    );
    expect(rows).toEqual([{ status: 'cancelled' }]);
  });

  test('runs 300 blocks of a wide graph once each', async () => {
    const edges: Record<string, string[]> = { root: [] };
    for (let index = 0; index < 298; index += 1) edges[`block_${index}`] = ['root'];
    edges.last = Object.keys(edges).slice(1);
    const seen = new Map<string, number>();
    const snapshot = await run(edges, async (claim) => {
      seen.set(claim.uuid, (seen.get(claim.uuid) ?? 0) + 1);
      return done;
    });
    expect(snapshot.run.status).toBe('completed');
    expect([...seen.values()].every((count) => count === 1)).toBe(true);
    expect(seen.size).toBe(300);
  });
});
