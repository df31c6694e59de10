import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { claimNext } from '../../src/engine/claim.ts';
import { startRun } from '../../src/engine/client/index.ts';
import { finishAttempts, type Outcome } from '../../src/engine/finish.ts';
import { buryWorker } from '../../src/engine/liveness.ts';
import { ownerQueue, sharedQueue } from '../../src/engine/queue.ts';
import { openSweeper } from '../../src/engine/sweep.ts';
import type { BlockResult } from '../../src/model/block-task.ts';
import { readSnapshot } from '../../src/store/queries/read-runs.ts';
import { type TestEngine, testEngine, testPipeline } from '../support/engine.ts';
import { until } from '../support/until.ts';

const done: BlockResult = { status: 'completed', outputs: [], rows: 1, tests: [] };
const ghost = '00000000-0000-4000-8000-000000000001';

describe('a lost worker', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await testEngine();
  });
  afterAll(() => engine.close());

  /** A worker's row without a living session behind it, as kill -9 leaves it. */
  const addGhost = (foreground = false) =>
    engine.client.store.pool.query(
      `insert into wand.worker (id, host, pid, lock_key, foreground, version, schema_version)
       values ($1, 'nowhere', 1, 42, $2, 'test', 1)`,
      [ghost, foreground],
    );

  test('gives its block to another, and cannot complete it any more', async () => {
    const { store } = engine.client;
    await addGhost();
    const id = await startRun(engine.client, { ...testPipeline({ a: [], b: ['a'] }), trigger: 'test' });
    const claim = await engine.claim(ghost, 'nowhere');
    expect(claim.attempt).toBe(1);

    const seen: { attempt: number; lost: number[] }[] = [];
    await engine.worker(async ({ uuid, attempt, lostAttempts }) => {
      if (uuid === 'a') seen.push({ attempt, lost: lostAttempts });
      return done;
    });
    const snapshot = await engine.ended(id);
    expect(snapshot.run.status).toBe('completed');
    expect(seen).toEqual([{ attempt: 2, lost: [1] }]);

    const key = { runId: id, blockRunId: claim.blockRunId, attempt: 1, workerId: ghost, host: 'nowhere' };
    const outcome: Outcome = { status: 'completed', rows: 99, outputs: [], tests: [] };
    const ending = { key, claim, outcome, goOn: false };
    expect(await finishAttempts(store, engine.queue, [ending])).toEqual([
      { accepted: false, next: null, stale: null, ended: false },
    ]);
    expect((await engine.ended(id)).blocks[0]!.rows).toBe(1);
  });

  test.each([
    [['a'], 5],
    [['a', 'b'], 10],
  ])('is charged to its blocks %j: they fail after %i of them', async (names, most) => {
    const lonely = await testEngine();
    const { store } = lonely.client;
    const edges = Object.fromEntries(names.map((name) => [name, []]));
    const id = await startRun(lonely.client, { ...testPipeline(edges), trigger: 'test' });
    const statuses = async (): Promise<string[]> =>
      (await readSnapshot(store.pool, id))!.blocks.map(({ status, error }) => error?.type ?? status);
    for (let died = 1; died <= most; died += 1) {
      expect(await statuses()).toEqual(names.map(() => 'queued'));
      const workerId = ghost.replace(/1$/, died.toString(16));
      for (const _ of names) await claimNext(store, lonely.queue, sharedQueue, { workerId, host: 'nowhere' });
      await buryWorker(store, lonely.queue, workerId);
    }
    expect(await statuses()).toContain('lost-worker');
    expect((await readSnapshot(store.pool, id))!.run.status).toBe('failed');
    await lonely.close();
  });

  test('that owned a foreground run leaves it to the shared queue', async () => {
    await addGhost(true);
    await engine.queue.open(ownerQueue(ghost));
    const id = await startRun(engine.client, { ...testPipeline({ a: [], b: [] }), trigger: 'test', owner: ghost });
    await engine.worker(async () => done);
    const snapshot = await engine.ended(id);
    expect(snapshot.run.status).toBe('completed');
    expect(snapshot.run.owner).toBeNull();
  });

  test('that owned a foreground run leaves a failed block its retry delay', async () => {
    const lonely = await testEngine();
    const { store } = lonely.client;
    const claimant = { workerId: ghost, host: 'nowhere' };
    await lonely.queue.open(ownerQueue(ghost));
    const flaky = testPipeline(
      { flaky: [], other: [] },
      { flaky: { retryConfig: { retries: 1, delay: 50, max_delay: 90 } } },
    );
    const id = await startRun(lonely.client, { ...flaky, trigger: 'test', owner: ghost });
    const claim = await claimNext(store, lonely.queue, ownerQueue(ghost), claimant);
    if (claim === null || claim === 'stale') throw new Error('nothing to claim');
    expect(claim.uuid).toBe('flaky');
    const error = { type: 'ValueError', message: 'again', file: null, line: null, traceback: null };
    const outcome: Outcome = { status: 'failed', error, outputs: [], tests: [], retry: 50 };
    const key = { runId: id, blockRunId: claim.blockRunId, attempt: 1, ...claimant };
    await finishAttempts(store, lonely.queue, [{ key, claim, outcome, goOn: false }]);
    await buryWorker(store, lonely.queue, ghost);

    const next = await claimNext(store, lonely.queue, sharedQueue, claimant);
    expect(next).toMatchObject({ uuid: 'other' });
    expect(await claimNext(store, lonely.queue, sharedQueue, claimant)).toBeNull();
    // As if the rest of its delay were over.
    const due = await store.pool.query(
      `update wand_boss.job set start_after = now() where start_after between now() + interval '5 seconds' and now() + interval '50 seconds'`,
    );
    expect(due.rowCount).toBe(1);
    expect(await claimNext(store, lonely.queue, sharedQueue, claimant)).toMatchObject({ uuid: 'flaky', attempt: 2 });
    await lonely.close();
  });

  test('is found by a sweeper too that a busy machine lets look only every five seconds', async () => {
    const lonely = await testEngine();
    await lonely.client.store.pool.query(
      `insert into wand.worker (id, host, pid, lock_key, foreground, version, schema_version)
       values ($1, 'nowhere', 1, 42, false, 'test', 1)`,
      [ghost],
    );
    const sweeper = openSweeper(lonely.client.store, lonely.queue, { host: 'here', self: '', hungAfter: 60_000 });
    const now = performance.now.bind(performance);
    const looks: string[][] = [];
    for (const later of [0, 5_000, 10_000]) {
      const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + later);
      looks.push(await sweeper.sweep());
      clock.mockRestore();
    }
    expect(looks).toEqual([[], [ghost], []]);
    await lonely.close();
  });

  test('is not declared dead on the first miss: after a restart of Postgres all are without a lock for a moment', async () => {
    const lonely = await testEngine();
    await lonely.client.store.pool.query(
      `insert into wand.worker (id, host, pid, lock_key, foreground, version, schema_version)
       values ($1, 'nowhere', 1, 42, false, 'test', 1)`,
      [ghost],
    );
    const sweeper = openSweeper(lonely.client.store, lonely.queue, { host: 'here', self: '', hungAfter: 60_000 });
    await sweeper.sweep();
    const count = async () => (await lonely.client.store.pool.query('select from wand.worker')).rowCount;
    expect(await count()).toBe(1);
    await sweeper.sweep();
    expect(await count()).toBe(0);
    await lonely.close();
  });
});

describe('a worker that is stopped', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await testEngine();
    // In the first seconds of a server nobody is taken for dead.
    await until('a server that is up for long enough', async () => {
      const up =
        'select from (select) it where clock_timestamp() - pg_postmaster_start_time() > make_interval(secs => 5.1)';
      return (await engine.client.store.pool.query(up)).rowCount === 1;
    });
  });
  afterAll(() => engine.close());
  const sweeperWith = (hungAfter: number) =>
    openSweeper(engine.client.store, engine.queue, { host: 'elsewhere', self: '', hungAfter });
  /** As if it had told nothing for this long. */
  const silent = (id: string) =>
    engine.client.store.pool.query(`update wand.worker set last_seen_at = '2000-01-01' where id = $1`, [id]);

  test('by its user, and has said so, keeps its blocks; one that has not counts as hung', async () => {
    const worker = await engine.worker(async () => done);
    await worker.suspend();
    const sweeper = sweeperWith(-1_000_000);
    // Without a neighbour that could kill what it has started it would be given up at the first look.
    expect(await sweeper.sweep()).toEqual([]);
    expect(await sweeper.sweep()).toEqual([]);
    await worker.resume();
    const { rows } = await engine.client.store.pool.query('select suspended_at from wand.worker where id = $1', [
      worker.id,
    ]);
    expect(rows).toEqual([{ suspended_at: null }]);
    expect(await sweeper.sweep()).toEqual([worker.id]);
    await worker.stop('kill');
  });

  test('takes blocks again when it goes on', async () => {
    const worker = await engine.worker(async () => done);
    await worker.suspend();
    await worker.resume();
    const id = await startRun(engine.client, { ...testPipeline({ a: [], b: ['a'] }), trigger: 'test' });
    expect((await engine.ended(id)).run.status).toBe('completed');
    await worker.stop('drain');
  });

  test('and looks for others when it goes on takes none of them for hung by what it has not seen', async () => {
    const worker = await engine.worker(async () => done);
    const sweeper = sweeperWith(20_000);
    await silent(worker.id);
    expect(await sweeper.sweep()).toEqual([]);
    await silent(worker.id);
    const now = performance.now.bind(performance);
    const later = vi.spyOn(performance, 'now').mockImplementation(() => now() + 60_000);
    expect(await sweeper.sweep()).toEqual([]);
    later.mockRestore();
    await worker.stop('kill');
  });
});

describe('an owned run', () => {
  test('is not touched by background workers while its owner lives', async () => {
    const engine = await testEngine();
    const executed: string[] = [];
    await engine.worker(async () => {
      executed.push('background');
      return done;
    });
    const owner = await engine.worker(
      async () => {
        executed.push('owner');
        return done;
      },
      { foreground: true },
    );
    const id = await startRun(engine.client, {
      ...testPipeline({ a: [], b: ['a'], c: ['b'] }),
      trigger: 'test',
      owner: owner.id,
    });
    await engine.ended(id);
    expect(executed).toEqual(['owner', 'owner', 'owner']);
    await engine.close();
  });
});
