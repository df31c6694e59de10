import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cancelShape, snapshotShape } from '../../src/cli/shapes/run.ts';
import { isAlive } from '../../src/home/process.ts';
import { type PlaceDatabases, placeDatabases } from '../support/place-databases.ts';
import { type RunningProgram, type Surroundings, surroundings } from '../support/program.ts';
import { until } from '../support/until.ts';
import { entry, pipelineFile, rawSql, writeProject } from '../support/write-project.ts';

/** Two blocks in a row; and a statement beside a block that has a child of its own, whose pid it notes. */
const filesOf = (note: string): Record<string, string> => ({
  ...pipelineFile(
    'two',
    entry({ uuid: 'first', type: 'data_exporter', language: 'sql', rest: rawSql }),
    entry({ uuid: 'second', type: 'data_exporter', language: 'sql', upstream: ['first'], rest: rawSql }),
  ),
  'data_exporters/first.sql': 'select pg_sleep(3);\n',
  'data_exporters/second.sql': 'select 2;\n',
  ...pipelineFile(
    'back',
    entry({ uuid: 'appends', type: 'data_exporter', language: 'sql', rest: rawSql }),
    entry({ uuid: 'lingers', type: 'data_loader', language: 'typescript' }),
  ),
  'data_exporters/appends.sql':
    'insert into left_rows select generate_series(1, 10);\nselect pg_sleep(case when exists (select from go_on) then 0 else 600 end);\n',
  'data_loaders/lingers.ts': `import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { json, loader } from 'wand';
const note = ${JSON.stringify(note)};
export default loader(async () => {
  if (existsSync(note)) return json({ again: true });
  writeFileSync(note + '.new', String(process.pid));
  renameSync(note + '.new', note);
  await new Promise((resolve) => setTimeout(resolve, 600_000));
  return json({});
});
`,
  ...pipelineFile(
    'long',
    entry({ uuid: 'sleeper', type: 'data_exporter', language: 'sql', rest: rawSql }),
    entry({ uuid: 'waiter', type: 'data_loader', language: 'typescript' }),
  ),
  'data_exporters/sleeper.sql': 'select pg_sleep(600);\n',
  'data_loaders/waiter.ts': `import { spawn } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { json, loader } from 'wand';
const note = ${JSON.stringify(note)};
export default loader(async () => {
  writeFileSync(note + '.new', String(spawn('sleep', ['600']).pid));
  renameSync(note + '.new', note);
  await new Promise((resolve) => setTimeout(resolve, 600_000));
  return json({});
});
`,
});

describe('a worker that leaves, and a run that is cancelled', () => {
  let place: Surroundings;
  let databases: PlaceDatabases;
  let state: pg.Client;
  let note: string;
  beforeAll(async () => {
    place = await surroundings();
    note = join(place.root, 'note');
    writeProject(place, 'leaves', filesOf(note));
    databases = await placeDatabases(place);
    ({ state } = databases);
  });
  beforeEach(() => rmSync(note, { force: true }));
  afterAll(async () => {
    await databases?.close();
    await place.close();
  });

  const startWorker = async (environment: NodeJS.ProcessEnv = {}): Promise<RunningProgram> => {
    const worker = place.start(['worker', '--concurrency', '2'], { environment });
    await until('a worker', async () => (await state.query('select from wand.worker')).rowCount === 1);
    return worker;
  };
  /** Starts a run of it in the background; answers its id once the statement `pg_sleep(seconds)` is under way. */
  const submit = async (pipeline: string, statement: string): Promise<string> => {
    const { run } = snapshotShape.parse(
      JSON.parse(await place.ok(['run', `leaves/${pipeline}`, '--detach', '--json'])),
    );
    await until('the sleeping block', () => databases.isUnderWay(statement));
    return run.id;
  };
  const statuses = async (run: string): Promise<string[]> => {
    const { rows } = await state.query<{ is: string }>(
      `select uuid || ' ' || status || ' ' || attempt as is from wand.block_run where run_id = $1 order by position`,
      [run],
    );
    return rows.map(({ is }) => is);
  };
  /** Pid of the process that the block `waiter` has started. */
  const grandchild = () => until("the block's own child", () => existsSync(note) && Number(readFileSync(note, 'utf8')));

  test('SIGTERM lets the block under way end and takes no new one', async () => {
    const worker = await startWorker();
    const run = await submit('two', 'pg_sleep(3)');
    worker.process.kill('SIGTERM');
    expect((await worker.ended).code).toBe(0);
    expect(await statuses(run)).toEqual(['first completed 1', 'second queued 0']);
    expect((await state.query('select from wand.worker')).rowCount).toBe(0);
    await place.ok(['cancel', run]);
  });

  test('SIGTERM gives a block back that is not done in time', async () => {
    const worker = await startWorker({ WAND_DRAIN: '1' });
    const run = await submit('two', 'pg_sleep(3)');
    worker.process.kill('SIGTERM');
    expect((await worker.ended).code).toBe(0);
    expect(await statuses(run)).toEqual(['first queued 1', 'second initial 0']);
    await place.ok(['cancel', run]);
  });

  test('SIGTERM rolls back a statement and kills a process that are not done in time, and another worker does both', async () => {
    const { data } = databases;
    await data.query('create table left_rows (n int); create table go_on ()');
    const worker = await startWorker({ WAND_DRAIN: '1' });
    const run = await submit('back', 'pg_sleep(case');
    const child = await grandchild();
    worker.process.kill('SIGTERM');
    expect((await worker.ended).code).toBe(0);
    expect(await statuses(run)).toEqual(['appends queued 1', 'lingers queued 1']);
    expect(isAlive(child)).toBe(false);
    expect((await data.query('select from left_rows')).rowCount).toBe(0);
    await data.query('insert into go_on default values');
    const other = await startWorker();
    await until('the end of the run', async () => {
      const { rows } = await state.query<{ status: string }>('select status from wand.run where id = $1', [run]);
      return rows[0]!.status === 'completed';
    });
    expect(await statuses(run)).toEqual(['appends completed 2', 'lingers completed 2']);
    expect((await data.query('select from left_rows')).rowCount).toBe(10);
    other.process.kill('SIGTERM');
    await other.ended;
  });

  test('cancel says that no process and no query is left, and none is', async () => {
    const worker = await startWorker();
    const run = await submit('long', 'pg_sleep(600)');
    const child = await grandchild();
    const { code, stdout } = await place.wand(['cancel', run, '--json']);
    const answer = cancelShape.parse(JSON.parse(stdout));
    expect({ code, cancelled: answer.cancelled, left: answer.left, unknown: answer.unknown }).toEqual({
      code: 0,
      cancelled: true,
      left: [],
      unknown: [],
    });
    expect(answer.stopped.toSorted()).toEqual(['sleeper', 'waiter']);
    expect(isAlive(child)).toBe(false);
    expect(await databases.isUnderWay('pg_sleep(600)')).toBe(false);
    worker.process.kill('SIGTERM');
    await worker.ended;
  });

  test('cancel tells what is still there', async () => {
    const worker = await startWorker();
    const run = await submit('long', 'pg_sleep(600)');
    const child = await grandchild();
    const { rows } = await state.query<{ pid: number }>('select pid from wand.worker');
    process.kill(rows[0]!.pid, 'SIGSTOP');
    const { code, stdout } = await place.wand(['cancel', run]);
    process.kill(rows[0]!.pid, 'SIGCONT');
    expect(code).toBe(1);
    expect(stdout).toMatch(/still there: .*sleeper: .*waiter: process group \d+ is alive/);
    await until('the end of it', () => !isAlive(child));
    worker.process.kill('SIGTERM');
    await worker.ended;
  });
});
