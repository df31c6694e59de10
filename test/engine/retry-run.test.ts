import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cancelRun, startRun } from '../../src/engine/client/index.ts';
import { fanOut } from '../../src/engine/fan-out.ts';
import { retryRun } from '../../src/engine/retry-run.ts';
import type { ExecuteClaim } from '../../src/engine/run-attempt.ts';
import { startWorker } from '../../src/engine/worker.ts';
import type { RunSnapshot } from '../../src/model/run.ts';
import { type TestEngine, testEngine, testPipeline } from '../support/engine.ts';

const done = { status: 'completed' as const, outputs: [], rows: 7, tests: [] };
const failed = {
  status: 'failed' as const,
  outputs: [],
  tests: [],
  error: { type: 'ValueError', message: 'no', file: null, line: null, traceback: null },
};
const statuses = ({ blocks }: RunSnapshot) => Object.fromEntries(blocks.map(({ uuid, status }) => [uuid, status]));
const attempts = ({ blocks }: RunSnapshot) => Object.fromEntries(blocks.map(({ uuid, attempt }) => [uuid, attempt]));
const chain = { first: [], second: ['first'], third: ['second'], beside: [] };

describe('a retry in place', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await testEngine();
  });
  afterAll(() => engine.close());

  /** Does `work` with a worker; answers what it came to and the blocks that were executed meanwhile. */
  const working = async <Result>(execute: ExecuteClaim, work: () => Promise<Result>) => {
    const executed: string[] = [];
    const worker = await engine.worker(async (claim, ports) => {
      executed.push(claim.uuid);
      return execute(claim, ports);
    });
    try {
      return { result: await work(), executed: executed.sort() };
    } finally {
      await worker.stop('kill');
    }
  };
  const failing =
    (uuid: string): ExecuteClaim =>
    async (claim) =>
      claim.uuid === uuid ? failed : done;
  const start = async (given: ReturnType<typeof testPipeline>, execute: ExecuteClaim, settings = {}) => {
    const { result } = await working(execute, async () =>
      engine.ended(await startRun(engine.client, { ...given, trigger: 'test', settings })),
    );
    return result;
  };
  const retry = async (
    { run }: RunSnapshot,
    given: ReturnType<typeof testPipeline>,
    execute: ExecuteClaim = async () => done,
    from?: string,
  ) =>
    working(execute, async () => {
      await retryRun(engine.client.store, engine.queue, { runId: run.id, from, current: given });
      return engine.ended(run.id);
    });

  test('after a failure runs in the same run what has not completed; attempt numbers go on', async () => {
    const given = testPipeline(chain);
    const first = await start(given, failing('second'));
    expect(first.run.status).toBe('failed');
    const incomplete = first.blocks.filter(({ status }) => status !== 'completed').map(({ uuid }) => uuid);
    expect(incomplete).toEqual(expect.arrayContaining(['second', 'third']));
    const { result, executed } = await retry(first, given);
    expect(executed).toEqual(incomplete.sort());
    expect(result.run).toMatchObject({ id: first.run.id, status: 'completed' });
    expect(attempts(result)).toMatchObject({ first: 1, second: 2, third: 1 });
    const { rows } = await engine.client.store.pool.query(
      `select a.attempt, a.status from wand.attempt a join wand.block_run b on b.id = a.block_run_id
       where b.run_id = $1 and b.uuid = 'second' order by 1`,
      [first.run.id],
    );
    expect(rows).toEqual([
      { attempt: 1, status: 'failed' },
      { attempt: 2, status: 'completed' },
    ]);
  });

  test('after a cancel runs what was cancelled', async () => {
    const given = testPipeline(chain);
    let began = false;
    const { result: id } = await working(
      async ({ uuid }, { signal }) => {
        if (uuid !== 'second') return done;
        began = true;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return failed;
      },
      async () => {
        const runId = await startRun(engine.client, { ...given, trigger: 'test' });
        await expect.poll(() => began).toBe(true);
        await cancelRun(engine.client.store, runId);
        return runId;
      },
    );
    const cancelled = await engine.ended(id);
    expect(cancelled.run.status).toBe('cancelled');
    const { result } = await retry(cancelled, given);
    expect(result.run.status).toBe('completed');
    expect(attempts(result)).toMatchObject({ first: 1, second: 2 });
  });

  test('from a block runs it and all below it, also in a completed run', async () => {
    const given = testPipeline(chain);
    const first = await start(given, async () => done);
    const { result, executed } = await retry(first, given, async () => done, 'second');
    expect(executed).toEqual(['second', 'third']);
    expect([result.run.id, result.run.status]).toEqual([first.run.id, 'completed']);
    expect(attempts(result)).toEqual({ first: 1, second: 2, third: 2, beside: 1 });
  });

  test('gives a block all its retries again', async () => {
    const given = testPipeline({ a: [] }, { a: { retryConfig: { retries: 1, delay: 0 } } });
    const first = await start(given, failing('a'));
    expect(attempts(first)).toEqual({ a: 2 });
    let turn = 0;
    const { result } = await retry(first, given, async () => {
      turn += 1;
      return turn === 1 ? failed : done;
    });
    expect([result.run.status, attempts(result)]).toEqual(['completed', { a: 4 }]);
  });

  test('takes settings and code of the blocks as they are now', async () => {
    const given = testPipeline({ a: [] });
    const first = await start(given, failing('a'));
    const now = testPipeline({ a: [] }, { a: { configuration: { limit: 3 }, file: '/nowhere/new.py' } });
    const seen: unknown[] = [];
    await retry(first, now, async ({ definition }) => {
      seen.push(definition.configuration, definition.file);
      return done;
    });
    expect(seen).toEqual([{ limit: 3 }, '/nowhere/new.py']);
    const gone = await start(given, failing('a'));
    await expect(retry(gone, testPipeline({ b: [] }))).rejects.toMatchObject({ code: 'block-gone' });
  });

  test('is refused for a run that is open, has completed or does not exist, with the way out', async () => {
    const given = testPipeline(chain);
    const completed = await start(given, async () => done);
    await expect(retry(completed, given)).rejects.toMatchObject({
      code: 'run-completed',
      fix: expect.stringContaining(`wand retry ${completed.run.id} --from BLOCK`),
    });
    await expect(retry(completed, given, undefined, 'nobody')).rejects.toMatchObject({ code: 'block-not-found' });
    const open = await startRun(engine.client, { ...given, trigger: 'test' });
    const request = { runId: open, current: given };
    await expect(retryRun(engine.client.store, engine.queue, request)).rejects.toMatchObject({ code: 'run-open' });
    await cancelRun(engine.client.store, open);
    const nobody = { runId: '999999999', current: given };
    await expect(retryRun(engine.client.store, engine.queue, nobody)).rejects.toMatchObject({ code: 'run-not-found' });
  });

  test('from a block whose children need what has not completed is refused', async () => {
    const given = testPipeline({ a: [], b: [], join: ['a', 'b'] });
    const first = await start(given, failing('b'), { allowBlocksToFail: true });
    expect(statuses(first)).toEqual({ a: 'completed', b: 'failed', join: 'upstream_failed' });
    await expect(retry(first, given, undefined, 'a')).rejects.toMatchObject({ code: 'upstream-incomplete' });
    const { result, executed } = await retry(first, given);
    expect([result.run.status, executed]).toEqual(['completed', ['b', 'join']]);
  });

  test('of a dynamic block runs the children that failed, or makes all of them anew', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wand-test-'));
    const list = join(folder, 'list.json');
    writeFileSync(list, '["a", "b"]');
    const given = testPipeline(
      { give: [], each: ['give'], gather: ['each'] },
      { give: { configuration: { dynamic: true } }, each: { configuration: { reduce_output: true } } },
    );
    const execute =
      (failingBlock: string | null): ExecuteClaim =>
      async (claim) => {
        if (claim.definition.fan) return fanOut(claim, claim.definition.fan);
        if (claim.uuid === failingBlock) return failed;
        if (claim.uuid !== 'give') return done;
        const output = { name: 'output_0', kind: 'json' as const, path: list, rows: null, columns: null, bytes: 10 };
        return { ...done, outputs: [output] };
      };
    const first = await start(given, execute('each:1'), { allowBlocksToFail: true });
    expect(statuses(first)).toMatchObject({ each: 'completed', 'each:1': 'failed', gather: 'upstream_failed' });
    const again = await retry(first, given, execute(null));
    expect(again.executed).toEqual(['each:1', 'gather']);
    expect(again.result.run.status).toBe('completed');
    writeFileSync(list, '["a", "b", "c"]');
    const anew = await retry(first, given, execute(null), 'give');
    expect(anew.executed).toEqual(['each', 'each:0', 'each:1', 'each:2', 'gather', 'give']);
    expect(attempts(anew.result)).toMatchObject({ each: 2, 'each:0': 3, 'each:2': 3, gather: 2 });
    rmSync(folder, { recursive: true });
  });

  test('asks for the tags that its blocks have now, and for none that they had', async () => {
    const tagged = (tags: string[] | undefined) => testPipeline({ a: [] }, { a: tags ? { workerTags: tags } : {} });
    const stateOf = async (id: string) => {
      const { rows } = await engine.client.store.pool.query(
        `select r.settings->'tagged' as tagged, b.definition->'tags' as tags
         from wand.run r join wand.block_run b on b.run_id = r.id where r.id = $1`,
        [id],
      );
      return rows[0];
    };
    const again = (id: string, tags: string[] | undefined) =>
      working(
        async () => failed,
        async () => {
          await retryRun(engine.client.store, engine.queue, { runId: id, current: tagged(tags) });
          return tags ? null : engine.ended(id);
        },
      );
    const { result } = await working(
      async () => failed,
      async () => engine.ended(await startRun(engine.client, { ...tagged(undefined), trigger: 'test' })),
    );
    const id = result.run.id;
    expect(await stateOf(id)).toEqual({ tagged: null, tags: null });

    await again(id, ['gpu']);
    expect(await stateOf(id)).toEqual({ tagged: true, tags: ['gpu'] });
    const withTag = await startWorker(engine.client.store, engine.queue, {
      concurrency: 1,
      foreground: false,
      version: 'test',
      tags: ['gpu'],
      execute: async () => failed,
    });
    const ended = await engine.ended(id);
    expect(attempts(ended)).toEqual({ a: 2 });
    await withTag.stop('kill');

    // A worker without tags has it again.
    expect((await again(id, undefined)).executed).toEqual(['a']);
    expect(await stateOf(id)).toEqual({ tagged: null, tags: null });
  });
});
