import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRun } from '../../src/engine/client/index.ts';
import { choose } from '../../src/engine/retention/choose.ts';
import { applyRetention, applyRetentionHourly } from '../../src/engine/retention/retention.ts';
import { retentionSettings } from '../../src/engine/retention/settings.ts';
import { makePrivateFolder } from '../../src/home/private-file.ts';
import { type TestEngine, testEngine, testPipeline } from '../support/engine.ts';

const limit = fc.option(fc.integer({ min: 0, max: 100 }), { nil: null });
const items = fc.array(
  fc.record({
    ageDays: fc.integer({ min: 0, max: 100 }),
    bytes: fc.integer({ min: 0, max: 50 }),
    isKept: fc.boolean(),
  }),
);

describe('what retention chooses', () => {
  test('is old, or more than fits; never what is kept, never younger than what stays without need', () => {
    fc.assert(
      fc.property(items, limit, limit, (all, days, bytes) => {
        const gone = new Set(choose(all, { days, bytes }));
        const stays = all.filter((item) => !gone.has(item));
        const free = stays.filter(({ isKept }) => !isKept);
        const total = (list: typeof all) => list.reduce((sum, item) => sum + item.bytes, 0);
        expect([...gone].some(({ isKept }) => isKept)).toBe(false);
        if (days !== null) expect(free.every(({ ageDays }) => ageDays <= days)).toBe(true);
        if (bytes !== null && free.length > 0) expect(total(stays)).toBeLessThanOrEqual(bytes);
        const bySize = [...gone].filter(({ ageDays }) => days === null || ageDays <= days);
        if (bytes === null) expect(bySize).toEqual([]);
        const oldestThatStays = Math.max(-1, ...free.map(({ ageDays }) => ageDays));
        expect(bySize.every(({ ageDays }) => ageDays >= oldestThatStays)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('is said by the environment; a mistake removes nothing', () => {
    expect(retentionSettings({})).toEqual({
      outputs: { days: 30, bytes: 20e9 },
      logs: { days: 90, bytes: 5e9 },
    });
    expect(retentionSettings({ WAND_KEEP_LOGS_DAYS: 'all', WAND_KEEP_OUTPUTS_GB: '0.5' })).toMatchObject({
      outputs: { bytes: 5e8 },
      logs: { days: null },
    });
    expect(() => retentionSettings({ WAND_KEEP_LOGS_DAYS: '3 weeks' })).toThrow('WAND_KEEP_LOGS_DAYS=3 weeks');
    expect(() => retentionSettings({ WAND_KEEP_LOGS_DAYS: '-1' })).toThrow('expected a number');
  });
});

describe('retention', () => {
  let engine: TestEngine;
  let shared: string;
  let root: string;
  beforeAll(async () => {
    engine = await testEngine();
    shared = mkdtempSync(join(tmpdir(), 'wand-shared-'));
    process.env.WAND_SHARED = shared;
    root = join(shared, 'outputs', await engine.client.store.stateId());
    await engine.worker(async (claim, { log }) => {
      const path = join(makePrivateFolder(join(root, claim.runId, claim.uuid, String(claim.attempt))), 'output_0.json');
      writeFileSync(path, 'x'.repeat(1_000));
      log({ level: 'info', source: 'stdout', text: 'said' });
      const output = { name: 'output_0', kind: 'json' as const, path, rows: null, columns: null, bytes: 1_000 };
      return { status: 'completed', outputs: [output], rows: 1, tests: [] };
    });
  });
  afterAll(async () => {
    delete process.env.WAND_SHARED;
    rmSync(shared, { recursive: true, force: true });
    await engine.close();
  });

  const pool = () => engine.client.store.pool;
  const newRun = async (
    days: number,
    options: { selection?: { block: string }; runId?: string } = {},
  ): Promise<string> => {
    const id = await startRun(engine.client, { ...testPipeline({ a: [], b: ['a'] }), trigger: 'test', ...options });
    await engine.ended(id);
    await pool().query(
      'update wand.run set finished_at = clock_timestamp() - make_interval(days => $2) where id = $1',
      [id, days],
    );
    return id;
  };
  const apply = (environment: NodeJS.ProcessEnv, dryRun = false) =>
    applyRetention(engine.client.store, { environment, dryRun });
  const there = (id: string): boolean => existsSync(join(root, id));
  const linesOf = async (id: string): Promise<number> =>
    (await pool().query('select from wand.log_chunk where run_id = $1', [id])).rowCount!;

  test('removes what is too old, but not what a later run builds on, nor the last completed run', async () => {
    const old = await newRun(50);
    const reused = await newRun(50);
    const user = await newRun(1, { selection: { block: 'b' }, runId: reused });
    const last = await newRun(40);
    expect((await apply({}, true)).outputs.runs).toEqual([old]);
    expect(there(old)).toBe(true);
    expect((await apply({})).outputs.runs).toEqual([old]);
    expect([old, reused, user, last].map(there)).toEqual([false, true, true, true]);
    // A rerun does not build on what is gone.
    const rerun = { ...testPipeline({ a: [], b: ['a'] }), trigger: 'test', selection: { block: 'b' }, runId: old };
    await expect(startRun(engine.client, rerun)).rejects.toMatchObject({ code: 'nothing-to-reuse' });
    expect(await linesOf(old)).toBeGreaterThan(0);
    expect((await apply({ WAND_KEEP_LOGS_DAYS: '45' })).logs.runs.toSorted()).toEqual([old, reused].toSorted());
    expect(await linesOf(old)).toBe(0);
    expect(await linesOf(last)).toBeGreaterThan(0);
  });

  test('removes the oldest when there is too much', async () => {
    const [first, second, third] = [await newRun(3), await newRun(2), await newRun(1)];
    const { outputs } = await apply({ WAND_KEEP_OUTPUTS_GB: '0.000007' });
    expect(outputs.keptBytes).toBe(7_000);
    expect([first, second, third].map(there)).toEqual([false, true, true]);
    expect((await apply({ WAND_KEEP_OUTPUTS_GB: '0' })).outputs.keptBytes).toBe(2_000);
    expect([second, third].map(there)).toEqual([false, true]);
  });

  test('is applied once an hour, by one worker of a host', async () => {
    await pool().query('delete from wand.retention');
    const reports = await Promise.all([1, 2, 3].map(() => applyRetentionHourly(engine.client.store)));
    expect(reports.filter((report) => report !== null)).toHaveLength(1);
    await pool().query(`update wand.retention set begun_at = begun_at - interval '61 minutes'`);
    expect(await applyRetentionHourly(engine.client.store)).not.toBeNull();
  });
});
