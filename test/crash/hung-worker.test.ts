import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAlive } from '../../src/home/process.ts';
import { type PlaceDatabases, placeDatabases } from '../support/place-databases.ts';
import { type Surroundings, surroundings } from '../support/program.ts';
import { until } from '../support/until.ts';
import { linuxTest } from '../support/where.ts';
import { entry, pipelineFile, rawSql, writeProject } from '../support/write-project.ts';

/** A block that appends and sleeps in its transaction, and one that tells when its process begins and is at work. */
const filesOf = (notes: string): Record<string, string> => ({
  ...pipelineFile('sql', entry({ uuid: 'append', type: 'data_exporter', language: 'sql', rest: rawSql })),
  'data_exporters/append.sql': 'insert into hung_rows select generate_series(1, 1000);\nselect pg_sleep(5);\n',
  ...pipelineFile('code', entry({ uuid: 'work', type: 'data_loader', language: 'typescript' })),
  'data_loaders/work.ts': `import { appendFileSync, readFileSync, existsSync } from 'node:fs';
import { json, loader } from 'wand';
const notes = ${JSON.stringify(notes)};
export default loader(async () => {
  const earlier = existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\\n').map((line) => Number(line.split(' ')[0])) : [];
  const living = earlier.filter((pid) => { try { return !/^State:\\s+[ZX]/m.test(readFileSync('/proc/' + pid + '/status', 'utf8')); } catch { return false; } });
  appendFileSync(notes, process.pid + ' ' + living.length + '\\n');
  await new Promise((resolve) => setTimeout(resolve, earlier.length === 0 ? 600_000 : 10));
  return json({ done: true });
});
`,
});

describe('a worker that is stopped with SIGSTOP', () => {
  let place: Surroundings;
  let databases: PlaceDatabases;
  let state: pg.Client;
  let data: pg.Client;
  let notes: string;
  beforeAll(async () => {
    place = await surroundings();
    place.environment.WAND_HUNG_AFTER = '8';
    notes = join(place.root, 'notes');
    writeProject(place, 'hangs', filesOf(notes));
    databases = await placeDatabases(place);
    ({ state, data } = databases);
    await data.query('create table hung_rows (n int)');
  });
  afterAll(async () => {
    await databases?.close();
    await place.close();
  });

  const holder = async (pipeline: string): Promise<{ pid: number; run: string }> => {
    const { rows } = await state.query<{ pid: number; run: string }>(
      `select w.pid, b.run_id::text as run from wand.attempt a join wand.worker w on w.id = a.worker
       join wand.block_run b on b.id = a.block_run_id join wand.run r on r.id = b.run_id
       where a.status = 'running' and r.pipeline = $1`,
      [pipeline],
    );
    return rows[0]!;
  };
  const attemptsOf = async (run: string): Promise<string[]> => {
    const { rows } = await state.query<{ status: string }>(
      `select a.status from wand.attempt a join wand.block_run b on b.id = a.block_run_id where b.run_id = $1 order by a.attempt`,
      [run],
    );
    return rows.map(({ status }) => status);
  };
  const completed = (run: string) =>
    until(`the end of run ${run}`, async () => {
      const { rows } = await state.query<{ status: string }>('select status from wand.run where id = $1', [run]);
      return rows[0]!.status === 'completed';
    });
  const asleep = () => until('the sleeping block', () => databases.isUnderWay('pg_sleep(5)'));

  test('alone on its host is killed by its supervisor, and its appending block is done once by the next', async () => {
    await place.ok(['run', 'hangs/sql', '--detach']);
    await asleep();
    const { pid, run } = await holder('sql');
    process.kill(pid, 'SIGSTOP');
    await completed(run);
    expect(await attemptsOf(run)).toEqual(['lost', 'completed']);
    expect((await data.query('select count(*)::int as n from hung_rows')).rows).toEqual([{ n: 1000 }]);
    expect(isAlive(pid)).toBe(false);
  });

  linuxTest('has its processes killed by another worker before the next attempt begins', async () => {
    await place.ok(['run', 'hangs/code', '--detach']);
    await until('the first attempt', () => existsSync(notes));
    const { pid, run } = await holder('code');
    const other = place.start(['worker', '--concurrency', '2']);
    await until('two workers', async () => (await state.query('select from wand.worker')).rowCount === 2);
    process.kill(pid, 'SIGSTOP');
    await completed(run);
    const lines = readFileSync(notes, 'utf8').trim().split('\n');
    expect(lines.map((line) => line.split(' ')[1])).toEqual(['0', '0']);
    expect(await attemptsOf(run)).toEqual(['lost', 'completed']);
    other.process.kill('SIGTERM');
    await other.ended;
  });

  test('in the foreground loses its blocks, and what it says when it wakes up is not accepted', async () => {
    await data.query('truncate hung_rows');
    const command = place.start(['run', 'hangs/sql', '--json']);
    await asleep();
    const { run } = await holder('sql');
    command.process.kill('SIGSTOP');
    await completed(run);
    expect(await attemptsOf(run)).toEqual(['lost', 'completed']);
    command.process.kill('SIGCONT');
    const { code, stdout } = await command.ended;
    // It lives, follows its run, and sees that it is completed.
    expect({ code, status: JSON.parse(stdout).run.status }).toEqual({ code: 0, status: 'completed' });
    expect(await attemptsOf(run)).toEqual(['lost', 'completed']);
    expect((await data.query('select count(*)::int as n from hung_rows')).rows).toEqual([{ n: 1000 }]);
  });
});
