import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Surroundings, surroundings } from '../support/program.ts';

/** A project whose SQL block appends rows and then sleeps inside its transaction, so that a kill hits it in the middle. */
const writeProject = (place: Surroundings): void => {
  const project = join(place.root, 'projects', 'crash');
  for (const folder of ['pipelines/slow', 'data_loaders', 'data_exporters'])
    mkdirSync(join(project, folder), { recursive: true });
  writeFileSync(join(project, 'metadata.yaml'), 'project_type: standalone\n');
  cpSync(join(place.root, 'projects', 'taxi', 'io_config.yaml'), join(project, 'io_config.yaml'));
  writeFileSync(
    join(project, 'pipelines', 'slow', 'metadata.yaml'),
    `name: slow
type: python
blocks:
- {uuid: append_rows, name: append_rows, type: data_exporter, language: sql, upstream_blocks: [], downstream_blocks: [read_back],
   configuration: {data_provider: postgres, data_provider_profile: dev, use_raw_sql: true}}
- {uuid: read_back, name: read_back, type: data_loader, language: sql, upstream_blocks: [append_rows], downstream_blocks: [],
   configuration: {data_provider: postgres, data_provider_profile: dev, use_raw_sql: true}}
`,
  );
  writeFileSync(
    join(project, 'data_exporters', 'append_rows.sql'),
    `create table if not exists crash_rows (n int);
insert into crash_rows select generate_series(1, 1000);
select pg_sleep(1.5);
select count(*) as appended from crash_rows;
`,
  );
  writeFileSync(
    join(project, 'data_loaders', 'read_back.sql'),
    'select count(*) as n, sum(n) as total from crash_rows;\n',
  );
};

const poll = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
  for (let round = 0; round < 600; round += 1) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain: ${what}`);
};

describe('kill -9 in the middle of an appending SQL block', () => {
  let place: Surroundings;
  let state: pg.Client;
  let data: pg.Client;
  beforeAll(async () => {
    place = await surroundings();
    writeProject(place);
    // Migrates, so that the test may look.
    await place.wand(['runs']);
    state = new pg.Client({ connectionString: place.environment.WAND_DATABASE_URL });
    data = new pg.Client({ connectionString: place.environment.WAND_TEST_DATA_URL });
    await Promise.all([state.connect(), data.connect()]);
  });
  afterAll(async () => {
    await Promise.all([state.end(), data.end()]);
    await place.close();
  });

  /** Pid of the worker that has the block under way, once its statement sleeps. */
  const workerInBlock = () =>
    poll('a worker in the block', async () => {
      const sleeping = await data.query(
        "select 1 from pg_stat_activity where query like '%pg_sleep(1.5)%' and state = 'active' and datname = current_database() and pid <> pg_backend_pid()",
      );
      const { rows } = await state.query<{ pid: number; run: string }>(
        `select w.pid, b.run_id::text as run from wand.attempt a join wand.worker w on w.id = a.worker
         join wand.block_run b on b.id = a.block_run_id where a.status = 'running' and b.uuid = 'append_rows'`,
      );
      return sleeping.rowCount! > 0 ? rows[0] : undefined;
    });

  const endedRun = (run: string) =>
    poll('the end of the run', async () => {
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
