import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PlaceDatabases, placeDatabases } from '../support/place-databases.ts';
import { type Surroundings, surroundings } from '../support/program.ts';
import { until } from '../support/until.ts';
import { entry, pipelineFile, rawSql, writeProject } from '../support/write-project.ts';

/** A SQL block that appends rows and then sleeps inside its transaction, so that a kill hits it in the middle. */
const files: Record<string, string> = {
  ...pipelineFile(
    'slow',
    entry({
      uuid: 'append_rows',
      type: 'data_exporter',
      language: 'sql',
      downstream: ['read_back'],
      rest: rawSql,
    }),
    entry({ uuid: 'read_back', type: 'data_loader', language: 'sql', upstream: ['append_rows'], rest: rawSql }),
  ),
  'data_exporters/append_rows.sql': `create table if not exists crash_rows (n int);
insert into crash_rows select generate_series(1, 1000);
select pg_sleep(1.5);
select count(*) as appended from crash_rows;
`,
  'data_loaders/read_back.sql': 'select count(*) as n, sum(n) as total from crash_rows;\n',
};

describe('kill -9 in the middle of an appending SQL block', () => {
  let place: Surroundings;
  let databases: PlaceDatabases;
  let state: pg.Client;
  let data: pg.Client;
  beforeAll(async () => {
    place = await surroundings();
    writeProject(place, 'crash', files);
    databases = await placeDatabases(place);
    ({ state, data } = databases);
  });
  afterAll(async () => {
    await databases?.close();
    await place.close();
  });

  /** Pid of the worker that has the block under way, once its statement sleeps. */
  const workerInBlock = () =>
    until('a worker in the block', async () => {
      const sleeping = await databases.isUnderWay('pg_sleep(1.5)');
      const { rows } = await state.query<{ pid: number; run: string }>(
        `select w.pid, b.run_id::text as run from wand.attempt a join wand.worker w on w.id = a.worker
         join wand.block_run b on b.id = a.block_run_id where a.status = 'running' and b.uuid = 'append_rows'`,
      );
      return sleeping && rows[0];
    });

  const endedRun = (run: string) =>
    until('the end of the run', async () => {
      const { rows } = await state.query<{ status: string; attempts: number }>(
        `select r.status, (select count(*)::int from wand.attempt a join wand.block_run b on b.id = a.block_run_id
           where b.run_id = r.id and b.uuid = 'append_rows') as attempts
         from wand.run r where r.id = $1 and r.status not in ('initial', 'running')`,
        [run],
      );
      return rows[0];
    });

  test.each(['foreground', 'detached'])(
    'of a %s run ends in a completed run, and the rows are there once',
    async (how) => {
      await data.query('drop table if exists crash_rows');
      const running = place.start(['run', 'crash/slow', ...(how === 'detached' ? ['--detach'] : [])]);
      const { pid, run } = await workerInBlock();
      process.kill(pid, 'SIGKILL');
      // Nobody runs another wand command: supervisor and sweep must do it.
      expect(await endedRun(run)).toEqual({ status: 'completed', attempts: 2 });
      expect((await data.query('select count(*)::int as n, sum(n)::int as total from crash_rows')).rows).toEqual([
        { n: 1000, total: 500_500 },
      ]);
      await running.ended;
    },
  );
});
