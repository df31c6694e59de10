import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { owedCallbacks } from '../../src/engine/callbacks.ts';
import { startRun } from '../../src/engine/client/index.ts';
import type { ExecuteClaim } from '../../src/engine/run-attempt.ts';
import { startWorker, type Worker } from '../../src/engine/worker.ts';
import type { Store } from '../../src/store/open-store.ts';
import { type TestEngine, testEngine, testPipeline } from '../support/engine.ts';
import { until } from '../support/until.ts';

const done = { status: 'completed' as const, outputs: [], rows: null, tests: [] };
type Query = (...given: unknown[]) => Promise<unknown>;
/** Text or name of what is asked, and how it comes to an answer, which may be kept from who asked. */
type Fault = (asked: string, answer: () => Promise<unknown>) => Promise<unknown>;

const lost = (): Error => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });

/** A store whose queries, those of its connections too, go through `fault`. */
const storeWith = (store: Store, fault: Fault): Store => {
  const faulty = <Target extends pg.Pool | pg.PoolClient>(target: Target): Target =>
    new Proxy(target, {
      get: (of, name) => {
        const value: unknown = Reflect.get(of, name);
        if (name === 'query') {
          return (...given: [string | pg.QueryConfig]) => {
            const [query] = given;
            const asked = typeof query === 'string' ? query : (query.name ?? query.text);
            return fault(asked, () => (value as Query).apply(of, given));
          };
        }
        if (name === 'connect') return async () => faulty(await (of as pg.Pool).connect());
        return typeof value === 'function' ? value.bind(of) : value;
      },
    });
  return { ...store, pool: faulty(store.pool) };
};

describe('a worker whose connection breaks', () => {
  let engine: TestEngine;
  let workers: Worker[];
  beforeEach(async () => {
    engine = await testEngine();
    workers = [];
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.stop('kill')));
    await engine.close();
  });

  const work = async (fault: Fault, execute: ExecuteClaim): Promise<void> => {
    const store = storeWith(engine.client.store, fault);
    const options = { concurrency: 2, foreground: false, version: 'test', execute };
    workers.push(await startWorker(store, engine.queue, options));
  };
  const chain = () => startRun(engine.client, { ...testPipeline({ a: [], b: ['a'], c: ['b'] }), trigger: 'test' });
  const attemptsOf = async (id: string): Promise<number[]> =>
    (await engine.ended(id)).blocks.map(({ attempt }) => attempt);

  test('after it has claimed a block begins that block, of which it was not told', async () => {
    const ran: string[] = [];
    let taken = false;
    let broken = false;
    await work(
      async (asked, answer) => {
        const result = await answer();
        if (asked === 'take_offer') taken ||= (result as pg.QueryResult<{ claim: unknown }>).rows[0]?.claim != null;
        if (asked !== 'commit' || !taken || broken) return result;
        broken = true;
        throw lost();
      },
      async ({ uuid }) => {
        ran.push(uuid);
        return done;
      },
    );
    const id = await chain();
    expect(await attemptsOf(id)).toEqual([1, 1, 1]);
    expect([broken, ran]).toEqual([true, ['a', 'b', 'c']]);
  });

  test('after it has ended a block goes on with the next one, of which it was not told', async () => {
    const ran: string[] = [];
    let broken = 0;
    await work(
      async (asked, answer) => {
        const result = await answer();
        if (asked !== 'advance_all' || broken === 2) return result;
        broken += 1;
        throw lost();
      },
      async ({ uuid }) => {
        ran.push(uuid);
        return done;
      },
    );
    const id = await chain();
    expect(await attemptsOf(id)).toEqual([1, 1, 1]);
    expect([broken, ran]).toEqual([2, ['a', 'b', 'c']]);
  });

  test('while it calls a callback gives it back, and it is called again', async () => {
    let broken = false;
    await work(
      async (asked, answer) => {
        if (broken || !asked.includes('update wand.callback set finished_at')) return answer();
        broken = true;
        throw lost();
      },
      async () => done,
    );
    const given = testPipeline({ a: [] });
    given.pipeline.callbacks = [{ ...given.pipeline.blocks[0]!, uuid: 'tell', type: 'callback', upstream: ['a'] }];
    const id = await startRun(engine.client, { ...given, trigger: 'test' });
    await engine.ended(id);
    await until('the callback', async () => (await owedCallbacks(engine.client.store, id)) === 0);
    const { rows } = await engine.client.store.pool.query('select tries from wand.callback');
    expect([broken, rows]).toEqual([true, [{ tries: 2 }]]);
  });
});
