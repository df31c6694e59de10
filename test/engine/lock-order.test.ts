import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Claim } from '../../src/engine/claim.ts';
import { startRun } from '../../src/engine/client/index.ts';
import { buryWorker } from '../../src/engine/liveness.ts';
import { storeChunk } from '../../src/store/queries/logs.ts';
import { type TestEngine, testEngine, testPipeline } from '../support/engine.ts';

const workerId = '00000000-0000-4000-8000-000000000001';

let engine: TestEngine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const pool = () => engine.client.store.pool;
const claimed = (): Promise<Claim> => engine.claim(workerId);
/** As who ends a block of a run: its row is locked, and all else comes after. */
const holdingRun = async (runId: string, work: (client: pg.PoolClient) => Promise<void>): Promise<void> => {
  const client = await pool().connect();
  try {
    await client.query('begin');
    await client.query('select from wand.run where id = $1 for update', [runId]);
    await work(client);
    await client.query('commit');
  } finally {
    await client.query('rollback');
    client.release();
  }
};
const somebodyWaits = (): Promise<void> =>
  expect
    .poll(async () => {
      const { rowCount } = await pool().query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rowCount;
    })
    .toBe(1);

test('who gives up a worker waits for the run, and has nothing that its blocks wait for', async () => {
  const runId = await startRun(engine.client, { ...testPipeline({ a: [], b: [] }), trigger: 'test' });
  const [first, second] = [await claimed(), await claimed()];
  let buried: Promise<unknown> = Promise.resolve();
  await holdingRun(runId, async (client) => {
    const end = (claim: Claim) =>
      client.query(`update wand.attempt set usage = '{}' where block_run_id = $1`, [claim.blockRunId]);
    // The later one first: without the run's lock the other would have taken the earlier one by now.
    await end(second);
    buried = buryWorker(engine.client.store, engine.queue, workerId);
    buried.catch(() => {});
    await somebodyWaits();
    await end(first);
  });
  expect(await buried).toHaveLength(2);
});

test('who stores lines waits for the run, and does not hold its log meanwhile', async () => {
  const runId = await startRun(engine.client, { ...testPipeline({ a: [] }), trigger: 'test' });
  let stored: Promise<void> = Promise.resolve();
  await holdingRun(runId, async (client) => {
    stored = storeChunk(pool(), {
      runId,
      block: 'a',
      attempt: 1,
      writer: crypto.randomUUID(),
      number: 0,
      lines: [['t', 'info', 'stdout', 'after']],
    });
    stored.catch(() => {});
    await somebodyWaits();
    await client.query(`select wand.store_lines($1, 'a', 1, '[["t", "info", "stdout", "before"]]')`, [runId]);
  });
  await stored;
  const { rows } = await pool().query<{ text: string }>(
    `select lines->0->>3 as text from wand.log_chunk where run_id = $1 order by first`,
    [runId],
  );
  expect(rows.map(({ text }) => text)).toEqual(['before', 'after']);
});
