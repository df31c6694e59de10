import { existsSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureMarkerTable } from '../../src/blocks/marker/marker-table.ts';
import { startRun } from '../../src/engine/client/index.ts';
import { givenFolder } from '../../src/engine/outputs/place.ts';
import { choose } from '../../src/engine/retention/choose.ts';
import { sizeOf } from '../../src/engine/retention/folder-size.ts';
import { applyRetention, applyRetentionHourly, retentionSentence } from '../../src/engine/retention/retention.ts';
import { retentionSettings } from '../../src/engine/retention/settings.ts';
import { makePrivateFolder } from '../../src/home/private-file.ts';
import { connectClient } from '../../src/postgres/connect.ts';
import { readProject } from '../../src/project/read-project.ts';
import { tempFolder, tempProject } from '../project/temp-project.ts';
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

  test('removes what was made of given files once no run has been given it for long', async () => {
    const folder = makePrivateFolder(givenFolder());
    const given = (name: string, days: number): string => {
      const path = join(folder, `${name}-${crypto.randomUUID()}.parquet`);
      writeFileSync(path, 'x'.repeat(500));
      utimesSync(path, new Date(), new Date(Date.now() - days * 86_400_000));
      return path;
    };
    const [old, young, used] = [given('old', 50), given('young', 20), given('used', 50)];
    const id = await startRun(engine.client, { ...testPipeline({ a: [] }), trigger: 'test' });
    await engine.ended(id);
    const inputs = JSON.stringify({ inputs: [{ block: '1', outputs: [{ path: used }] }] });
    await pool().query('update wand.block_run set definition = definition || $2 where run_id = $1', [id, inputs]);
    const setStatus = (status: string) => pool().query('update wand.run set status = $2 where id = $1', [id, status]);

    await setStatus('running');
    expect((await apply({}, true)).given).toEqual({ files: 1, bytes: 500 });
    const report = await apply({});
    expect(report.given).toEqual({ files: 1, bytes: 500 });
    expect(retentionSentence(report)).toContain('1 given inputs (0.0 MB)');
    expect([old, young, used].map((path) => existsSync(path))).toEqual([false, true, true]);
    await setStatus('completed');
    expect((await apply({ WAND_KEEP_OUTPUTS_DAYS: 'all' })).given.files).toBe(0);
    expect((await apply({})).given.files).toBe(1);
    expect(existsSync(used)).toBe(false);
    rmSync(young);
  });

  test('removes markers of ended runs in the databases that SQL blocks name, and of no open run', async () => {
    const { host, port, user, password, database } = engine.client.store.config;
    const io = `default:
  POSTGRES_HOST: ${host}
  POSTGRES_PORT: ${port}
  POSTGRES_USER: ${user}
  POSTGRES_PASSWORD: ${password}
  POSTGRES_DBNAME: ${database}
gone:
  POSTGRES_HOST: 127.0.0.1
  POSTGRES_PORT: 1
  POSTGRES_USER: x
  POSTGRES_PASSWORD: x
  POSTGRES_DBNAME: x
`;
    const block = (name: string, profile: string): string =>
      `- {uuid: ${name}, name: ${name}, type: data_exporter, language: sql, upstream_blocks: [], downstream_blocks: [],
   configuration: {data_provider: postgres, data_provider_profile: ${profile}, use_raw_sql: true}}\n`;
    const path = tempProject(`name: x\ntype: python\nblocks:\n${block('a', 'default')}${block('b', 'gone')}`, {
      'io_config.yaml': io,
      'data_exporters/a.sql': 'select 1',
      'data_exporters/b.sql': 'select 1',
    });
    const project = readProject(path);
    const begin = () => startRun(engine.client, { project, pipeline: project.pipelines[0]!, trigger: 'test' });
    const [ended, open] = [await begin(), await begin()];
    await engine.ended(ended);
    await engine.ended(open);
    await pool().query(`update wand.run set status = 'running' where id = $1`, [open]);
    // Without the table there is nothing to do, and none is made.
    expect((await apply({})).markers).toEqual({ markers: 0, databases: 1, unreachable: 1 });
    expect((await pool().query(`select to_regclass('wand_data.wand_commit') as it`)).rows).toEqual([{ it: null }]);

    const client = await connectClient(engine.client.store.config, { applicationName: 'test' });
    await ensureMarkerTable(client);
    await client.end();
    await pool().query(
      `insert into wand_data.wand_commit (state, run_id, block, attempt, outputs, committed_at)
       select s, r, 'a', 1, '[]', clock_timestamp() - make_interval(days => d)
       from (values ($1, $2, 8), ($1, $3, 8), ($1, '0', 3), ('another state', $2, 8)) as m(s, r, d)`,
      [await engine.client.store.stateId(), ended, open],
    );
    const left = async () =>
      (
        await pool().query<{ run_id: string }>('select run_id from wand_data.wand_commit order by committed_at')
      ).rows.map(({ run_id }) => run_id);
    expect((await apply({}, true)).markers.markers).toBe(1);
    expect(await left()).toHaveLength(4);
    const report = await apply({});
    expect(report.markers).toEqual({ markers: 1, databases: 1, unreachable: 1 });
    expect(retentionSentence(report)).toContain('1 markers in 1 databases');
    expect((await left()).toSorted()).toEqual(['0', ended, open].toSorted());
    await pool().query(`update wand.run set status = 'completed' where id = $1`, [open]);
    expect((await apply({})).markers.markers).toBe(1);
  });

  test('measures folders without following links', async () => {
    const folder = tempFolder({
      'a/b/c.txt': 'x'.repeat(10),
      'a/d.txt': 'x'.repeat(5),
      'far/e.txt': 'x'.repeat(1_000),
    });
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`a/many/${n}`, 'xx']));
    symlinkSync(join(folder, 'far'), join(folder, 'a', 'l'));
    const link = join(folder, 'far').length;
    expect(await sizeOf(join(folder, 'a'))).toBe(15 + link);
    expect(await sizeOf(tempFolder(many))).toBe(100);
    expect(await sizeOf(join(folder, 'nothing'))).toBe(0);
  });
});
