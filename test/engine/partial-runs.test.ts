import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planRun, type RunRequest, startRun } from '../../src/engine/client/index.ts';
import { fanOut } from '../../src/engine/fan-out.ts';
import type { ExecuteClaim } from '../../src/engine/run-attempt.ts';
import type { RunSnapshot } from '../../src/model/run.ts';
import { readSnapshot } from '../../src/store/queries/read-runs.ts';
import { type TestEngine, testEngine, testPipeline } from '../support/engine.ts';

const done = { status: 'completed' as const, outputs: [], rows: 7, tests: [] };
const failed = {
  status: 'failed' as const,
  outputs: [],
  tests: [],
  error: { type: 'ValueError', message: 'no', file: null, line: null, traceback: null },
};
const reusedFrom = ({ blocks }: RunSnapshot) =>
  Object.fromEntries(blocks.map(({ uuid, reusedFrom }) => [uuid, reusedFrom]));

describe('a partial run', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await testEngine();
  });
  afterAll(() => engine.close());

  /** Runs a request with an executor; answers the run and the blocks that were executed. */
  const run = async (request: Omit<RunRequest, 'trigger'>, execute: ExecuteClaim = async () => done) => {
    const executed: string[] = [];
    const worker = await engine.worker(async (claim, ports) => {
      executed.push(claim.uuid);
      return execute(claim, ports);
    });
    try {
      const snapshot = await engine.ended(await startRun(engine.client, { ...request, trigger: 'test' }));
      return { ...snapshot, executed: executed.sort() };
    } finally {
      await worker.stop('kill');
    }
  };
  /** A pipeline of its own, so that no other test's run is built on. */
  const fresh = (name: string, edges: Record<string, string[]>, blocks: Parameters<typeof testPipeline>[1] = {}) => {
    const given = testPipeline(edges, blocks);
    given.pipeline.uuid = name;
    return given;
  };
  const diamond = { load: [], left: ['load'], right: ['load'], join: ['left', 'right'] };

  test.each([
    [{ block: 'left' }, ['left']],
    [{ from: 'left' }, ['join', 'left']],
    [{ upto: 'left' }, ['left', 'load']],
  ])('%o runs %o, on the date, the variables and the outputs of its parent', async (selection, executed) => {
    const given = fresh(`part_${Object.entries(selection).flat().join('_')}`, diamond);
    const executionDate = new Date('2021-01-31T06:00:00Z');
    const settings = { api: true, allowBlocksToFail: true };
    const parent = await run({ ...given, variables: { month: 1, colour: 'yellow' }, executionDate, settings });
    const part = await run({ ...given, selection, variables: { colour: 'green' } });
    expect(part.executed).toEqual(executed);
    expect(part.run).toMatchObject({
      status: 'completed',
      parentRunId: parent.run.id,
      executionDate: parent.run.executionDate,
      variables: { month: 1, colour: 'green' },
    });
    for (const [uuid, from] of Object.entries(reusedFrom(part))) {
      expect(from, uuid).toBe(executed.includes(uuid) ? null : parent.run.id);
    }
    expect(part.blocks.every(({ rows }) => rows === 7)).toBe(true);
    const { rows } = await engine.client.store.pool.query('select settings from wand.run where id = $1', [part.run.id]);
    expect(rows[0].settings).toMatchObject(settings);
  });

  test('of what failed runs that and what was not run because of it, and not what completed', async () => {
    const given = fresh('failed_only', { ...diamond, beside: [] });
    const parent = await run({ ...given, settings: { allowBlocksToFail: true } }, async ({ uuid }) =>
      uuid === 'left' ? failed : done,
    );
    expect(parent.run.status).toBe('failed');
    const part = await run({ ...given, selection: { failed: true } });
    expect(part.executed).toEqual(['join', 'left']);
    await expect(run({ ...given, selection: { failed: true } })).rejects.toMatchObject({ code: 'nothing-failed' });
  });

  test('of what failed in a run that has not ended is refused', async () => {
    const given = fresh('still_open', diamond);
    const id = await startRun(engine.client, { ...given, trigger: 'test' });
    await expect(run({ ...given, selection: { failed: true } })).rejects.toMatchObject({ code: 'run-open' });
    await engine.client.store.pool.query(`select wand.end_run($1, 'cancelled')`, [id]);
  });

  test('builds on the run that is named, not on a later one', async () => {
    const given = fresh('named_run', diamond);
    const first = await run(given);
    await run(given);
    const part = await run({ ...given, selection: { from: 'join' }, runId: first.run.id });
    expect(part.run.parentRunId).toBe(first.run.id);
    expect(reusedFrom(part)).toMatchObject({ left: first.run.id, right: first.run.id, join: null });
  });

  test('builds on the last run that has what it needs; without one the missing block is named', async () => {
    const given = fresh('last_fitting', diamond);
    await expect(run({ ...given, selection: { block: 'join' } })).rejects.toMatchObject({ code: 'nothing-to-reuse' });
    const whole = await run(given);
    await run(given, async ({ uuid }) => (uuid === 'right' ? failed : done));
    const part = await run({ ...given, selection: { block: 'join' } });
    expect(part.run.parentRunId).toBe(whole.run.id);
  });

  test('points at the run that made an output, also over several reruns', async () => {
    const given = fresh('over_several', diamond);
    const whole = await run(given);
    const second = await run({ ...given, selection: { from: 'left' } });
    const third = await run({ ...given, selection: { block: 'join' } });
    expect(third.run.parentRunId).toBe(second.run.id);
    expect(reusedFrom(third)).toMatchObject({ load: whole.run.id, left: second.run.id, right: whole.run.id });
  });

  test('with a run and no selection runs all of it again, with its date and variables', async () => {
    const given = fresh('again', diamond);
    const executionDate = new Date('2020-02-29T00:00:00Z');
    const first = await run({ ...given, variables: { a: 1 }, executionDate });
    const again = await run({ ...given, runId: first.run.id });
    expect(again.executed).toEqual(['join', 'left', 'load', 'right']);
    expect(again.run).toMatchObject({ parentRunId: first.run.id, executionDate: first.run.executionDate });
    expect(again.run.variables).toEqual({ a: 1 });
    await expect(run({ ...given, runId: '999999999' })).rejects.toMatchObject({ code: 'run-not-found' });
    await expect(run({ ...given, runId: "1' or true" })).rejects.toMatchObject({ code: 'run-not-found' });
  });

  test('below dynamic blocks takes the children of the run it builds on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wand-test-'));
    const list = join(folder, 'list.json');
    writeFileSync(list, '["a", "b", "c"]');
    const given = fresh(
      'dynamic_part',
      { give: [], each: ['give'], gather: ['each'] },
      { give: { configuration: { dynamic: true } }, each: { configuration: { reduce_output: true } } },
    );
    const seen: string[][] = [];
    const execute: ExecuteClaim = async (claim) => {
      if (claim.definition.fan) return fanOut(claim, claim.definition.fan);
      if (claim.uuid === 'gather') seen.push(claim.inputs.map(({ block }) => block).sort());
      if (claim.uuid !== 'give') return done;
      const output = { name: 'output_0', kind: 'json' as const, path: list, rows: null, columns: null, bytes: 15 };
      return { ...done, outputs: [output] };
    };
    const parent = await run(given, execute);
    expect(parent.executed).toEqual(['each', 'each:0', 'each:1', 'each:2', 'gather', 'give']);
    const part = await run({ ...given, selection: { block: 'gather' } }, execute);
    expect(part.executed).toEqual(['gather']);
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[1]).toEqual(['each', 'each:0', 'each:1', 'each:2']);
    const children = await run({ ...given, selection: { block: 'each' } }, execute);
    expect(children.executed).toEqual(['each', 'each:0', 'each:1', 'each:2']);
    rmSync(folder, { recursive: true });
  });

  test('is planned before it runs: what runs, what is reused from where, what is written, as which command', async () => {
    const given = fresh(
      'planned',
      { load: [], keep: ['load'], count: ['load'] },
      {
        count: { language: 'sql', configuration: { data_provider_schema: 'sums', export_write_policy: 'replace' } },
      },
    );
    const parent = await run({ ...given, variables: { month: 2 } });
    const plan = await planRun(engine.client, {
      ...given,
      trigger: 'test',
      selection: { from: 'count' },
      variables: { note: "it's: 3", n: 4 },
    });
    expect(plan).toMatchObject({
      run: ['count'],
      reuse: [
        { block: 'load', run: parent.run.id, rows: 7 },
        { block: 'keep', run: parent.run.id, rows: 7 },
      ],
      writes: [{ block: 'count', table: 'sums.planned_count_v1', policy: 'replace' }],
      parentRun: parent.run.id,
      executionDate: parent.run.executionDate,
      variables: { month: 2, note: "it's: 3", n: 4 },
      command: `wand run nowhere/planned --from count --run ${parent.run.id} --var 'note="it'\\''s: 3"' --var n=4`,
    });
    expect(plan.expectedMs).toBeGreaterThanOrEqual(0);
    const before = await engine.client.store.pool.query('select max(id) as id from wand.run');
    await planRun(engine.client, { ...given, trigger: 'test' });
    expect((await engine.client.store.pool.query('select max(id) as id from wand.run')).rows).toEqual(before.rows);
    expect(await readSnapshot(engine.client.store.pool, parent.run.id)).not.toBeNull();
  });
});
