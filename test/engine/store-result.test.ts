import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Claim } from '../../src/engine/claim.ts';
import { startRun } from '../../src/engine/client/index.ts';
import { runAttempt } from '../../src/engine/run-attempt.ts';
import { statePath } from '../../src/home/paths.ts';
import type { BlockResult } from '../../src/model/block-task.ts';
import type { Store } from '../../src/store/open-store.ts';
import { readLog } from '../../src/store/queries/logs.ts';
import { readSnapshot } from '../../src/store/queries/read-runs.ts';
import { type TestEngine, testEngine, testPipeline } from '../support/engine.ts';
import { makeHome } from '../support/home.ts';

const workerId = '00000000-0000-4000-8000-000000000001';
const done: BlockResult = { status: 'completed', outputs: [], rows: 1, tests: [] };
// Postgres has no such number.
const notANumber: BlockResult = { ...done, rows: Number.MAX_VALUE };

/** What comes of a query that ends attempts, instead of its answer. */
type Fate = (answer: () => Promise<unknown>) => Promise<unknown>;

describe('the result of a block', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await testEngine();
  });
  afterAll(() => engine.close());

  const pool = () => engine.client.store.pool;
  const claimed = async (): Promise<Claim> => {
    await startRun(engine.client, { ...testPipeline({ a: [] }), trigger: 'test' });
    return engine.claim(workerId);
  };
  /** A store whose ends of attempts meet their fates, one after the other; the last one for all that follow. */
  const storeWith = (fates: Fate[]): Store => {
    const query = (given: pg.QueryConfig, ...rest: never[]): Promise<unknown> => {
      const answer = (): Promise<unknown> => (pool().query as (...all: unknown[]) => Promise<unknown>)(given, ...rest);
      if (given.name !== 'advance_all') return answer();
      const fate = fates.length > 1 ? fates.shift() : fates[0];
      return fate!(answer);
    };
    const faulty = new Proxy(pool(), { get: (target, name) => (name === 'query' ? query : Reflect.get(target, name)) });
    return { ...engine.client.store, pool: faulty };
  };
  const execute = (claim: Claim, store: Store, result: BlockResult, signal = new AbortController().signal) =>
    runAttempt(store, engine.queue, {
      claim,
      workerId,
      host: 'here',
      signal,
      mayGoOn: () => false,
      onUncertain: () => {},
      execute: async (_, { log }) => {
        log({ level: 'info', source: 'stdout', text: 'said once' });
        return result;
      },
    });
  const textsOf = async ({ runId }: Claim): Promise<string[]> =>
    (await readLog(pool(), runId, { after: 0 })).map(({ text }) => text);
  const blockOf = async ({ runId }: Claim) => {
    const { run, blocks } = (await readSnapshot(pool(), runId))!;
    return { run: run.status, block: blocks[0]!.status, error: blocks[0]!.error };
  };

  const asIs: Fate = (answer) => answer();
  const lostBefore: Fate = async () => {
    throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' });
  };
  const lostAfter: Fate = async (answer) => {
    await answer();
    throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
  };
  const refused: Fate = async () => {
    throw Object.assign(new Error('value "x" is out of range'), { code: '22003', severity: 'ERROR' });
  };

  test.each([
    ['arrives', [asIs]],
    ['is not heard at first', [lostBefore, asIs]],
    ['is stored, and the answer is lost', [lostAfter, asIs]],
    ['is stored, and the answer is lost, and then others', [lostAfter, lostBefore, lostBefore, asIs]],
  ])('has its last lines once when it %s', async (_, fates) => {
    const claim = await claimed();
    await execute(claim, storeWith([...fates]), done);
    expect(await textsOf(claim)).toEqual(['said once']);
    expect(await blockOf(claim)).toEqual({ run: 'completed', block: 'completed', error: null });
  });

  test('has its last lines once when its worker leaves before it knows', async () => {
    const claim = await claimed();
    const leaving = new AbortController();
    const leaves: Fate = async (answer) => {
      await answer();
      leaving.abort('leaving');
      throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
    };
    await execute(claim, storeWith([leaves]), done, leaving.signal);
    expect(await textsOf(claim)).toEqual(['said once']);
  });

  test('has its last lines on disk when the database is away as its worker leaves', async () => {
    await engine.client.store.stateId();
    const claim = await claimed();
    // A home of its own: other tests look into the spool too.
    const [before, home] = [process.env.WAND_HOME, makeHome()];
    process.env.WAND_HOME = home;
    const leaving = new AbortController();
    const away: Fate = async () => {
      leaving.abort('leaving');
      return lostBefore(async () => undefined);
    };
    const store = storeWith([away]);
    const pool = new Proxy(store.pool, {
      get: (target, name) => (name === 'query' && leaving.signal.aborted ? lostBefore : Reflect.get(target, name)),
    });
    await execute(claim, { ...store, pool }, done, leaving.signal);
    expect(await textsOf(claim)).toEqual([]);
    const spool = statePath('logs', 'spool');
    expect(readdirSync(spool).map((name) => readFileSync(join(spool, name), 'utf8'))).toEqual([
      expect.stringContaining('said once'),
    ]);
    process.env.WAND_HOME = before;
    rmSync(home, { recursive: true });
  });

  test('has its last lines also when the answer to the failure in its place is lost', async () => {
    const claim = await claimed();
    await execute(claim, storeWith([...Array.from({ length: 20 }, () => refused), lostAfter, asIs]), done);
    expect(await textsOf(claim)).toEqual(['said once', expect.stringContaining('refused')]);
  });

  test('has its last lines when the run was given to others meanwhile', async () => {
    const claim = await claimed();
    const givenUp: Fate = async (answer) => {
      await pool().query(`update wand.attempt set status = 'lost' where block_run_id = $1`, [claim.blockRunId]);
      return answer();
    };
    const { accepted } = await execute(claim, storeWith([lostBefore, givenUp]), done);
    expect(accepted).toBe(false);
    expect(await textsOf(claim)).toEqual(['said once']);
  });

  test('that the database refuses is a failure that says so, with the lines of the block', async () => {
    const claim = await claimed();
    await execute(claim, engine.client.store, notANumber);
    const { run, block, error } = await blockOf(claim);
    expect([run, block, error?.type]).toEqual(['failed', 'failed', 'result-not-stored']);
    expect(error?.message).toMatch(/the state database refused the block's result: .*out of range/);
    expect(await textsOf(claim)).toEqual(['said once', error!.message]);
  });

  test('ends its run even if the database refuses the failure too', async () => {
    const claim = await claimed();
    await execute(claim, storeWith([refused]), done);
    expect(await blockOf(claim)).toMatchObject({ run: 'failed', block: 'cancelled' });
    expect(await textsOf(claim)).toEqual([
      'said once',
      `the state database refused the block's result: value "x" is out of range`,
    ]);
  });
});
