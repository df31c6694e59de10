import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cancelShape } from '../../src/cli/shapes/run.ts';
import { type RunningProgram, type Surroundings, surroundings } from '../support/program.ts';
import { eventually } from './eventually.ts';

const sql = (uuid: string, upstream: string[] = []) =>
  `- {uuid: ${uuid}, name: ${uuid}, type: data_exporter, language: sql, upstream_blocks: [${upstream.join(', ')}], downstream_blocks: [],
   configuration: {data_provider: postgres, data_provider_profile: dev, use_raw_sql: true}}`;

const writeProject = (place: Surroundings): void => {
  const project = join(place.root, 'projects', 'leaves');
  for (const folder of ['pipelines/two', 'pipelines/long', 'data_loaders', 'data_exporters']) {
    mkdirSync(join(project, folder), { recursive: true });
  }
  writeFileSync(join(project, 'metadata.yaml'), 'project_type: standalone\n');
  cpSync(join(place.root, 'projects', 'taxi', 'io_config.yaml'), join(project, 'io_config.yaml'));
  const pipeline = (name: string, ...blocks: string[]) =>
    writeFileSync(
      join(project, 'pipelines', name, 'metadata.yaml'),
      `name: ${name}\ntype: python\nblocks:\n${blocks.join('\n')}\n`,
    );
  pipeline('two', sql('first'), sql('second', ['first']));
  writeFileSync(join(project, 'data_exporters', 'first.sql'), 'select pg_sleep(3);\n');
  writeFileSync(join(project, 'data_exporters', 'second.sql'), 'select 2;\n');
  pipeline(
    'long',
    sql('sleeper'),
    '- {uuid: waiter, name: waiter, type: data_loader, language: typescript, upstream_blocks: [], downstream_blocks: []}',
  );
  writeFileSync(join(project, 'data_exporters', 'sleeper.sql'), 'select pg_sleep(600);\n');
  writeFileSync(
    join(project, 'data_loaders', 'waiter.ts'),
    `import { spawn } from 'node:child_process';
import { json, loader } from 'wand';
export default loader(async () => {
  spawn('sleep', ['601.601']);
  await new Promise((resolve) => setTimeout(resolve, 600_000));
  return json({});
});
`,
  );
};

describe('a worker that leaves, and a run that is cancelled', () => {
  let place: Surroundings;
  let state: pg.Client;
  let data: pg.Client;
  beforeAll(async () => {
    place = await surroundings();
    writeProject(place);
    await place.wand(['runs']);
    state = new pg.Client({ connectionString: place.environment.WAND_DATABASE_URL });
    data = new pg.Client({ connectionString: place.environment.WAND_TEST_DATA_URL });
    await Promise.all([state.connect(), data.connect()]);
  });
  afterAll(async () => {
    await Promise.all([state.end(), data.end()]);
    await place.close();
  });

  const startWorker = async (environment: NodeJS.ProcessEnv = {}): Promise<RunningProgram> => {
    const worker = place.start(['worker', '--concurrency', '2'], { environment });
    await eventually('a worker', async () => (await state.query('select from wand.worker')).rowCount === 1);
    return worker;
  };
  const sleeping = (seconds: number) =>
    eventually('the sleeping block', async () => {
      const { rows } = await data.query(
        "select from pg_stat_activity where query like $1 and state = 'active' and datname = current_database() and pid <> pg_backend_pid()",
        [`%pg_sleep(${seconds})%`],
      );
      return rows.length > 0;
    });
  const statuses = async (): Promise<string[]> => {
    const { rows } = await state.query<{ is: string }>(
      `select b.uuid || ' ' || b.status || ' ' || b.attempt as is from wand.block_run b
       where b.run_id = (select max(id) from wand.run) order by b.position`,
    );
    return rows.map(({ is }) => is);
  };
  const sleepers = (): string[] =>
    readdirSync('/proc').filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').join(' ').trim() === 'sleep 601.601';
      } catch {
        return false;
      }
    });

  test('SIGTERM lets the block under way end and takes no new one', async () => {
    const worker = await startWorker();
    await place.wand(['run', 'leaves/two', '--detach']);
    await sleeping(3);
    worker.process.kill('SIGTERM');
    expect((await worker.ended).code).toBe(0);
    expect(await statuses()).toEqual(['first completed 1', 'second queued 0']);
    expect((await state.query('select from wand.worker')).rowCount).toBe(0);
    await place.wand(['cancel', '1']);
  });

  test('SIGTERM gives a block back that is not done in time', async () => {
    const worker = await startWorker({ WAND_DRAIN: '1' });
    await place.wand(['run', 'leaves/two', '--detach']);
    await sleeping(3);
    worker.process.kill('SIGTERM');
    expect((await worker.ended).code).toBe(0);
    expect(await statuses()).toEqual(['first queued 1', 'second initial 0']);
    await place.wand(['cancel', '2']);
  });

  test('cancel says that no process and no query is left, and none is', async () => {
    const worker = await startWorker();
    await place.wand(['run', 'leaves/long', '--detach']);
    await sleeping(600);
    await eventually("the block's own child", async () => sleepers().length === 1);
    const { code, stdout } = await place.wand(['cancel', '3', '--json']);
    const answer = cancelShape.parse(JSON.parse(stdout));
    expect({ code, cancelled: answer.cancelled, left: answer.left, unknown: answer.unknown }).toEqual({
      code: 0,
      cancelled: true,
      left: [],
      unknown: [],
    });
    expect(answer.stopped.toSorted()).toEqual(['sleeper', 'waiter']);
    expect(sleepers()).toEqual([]);
    const queries = await data.query(
      `select from pg_stat_activity where query like '%pg_sleep(600)%' and state = 'active' and datname = current_database() and pid <> pg_backend_pid()`,
    );
    expect(queries.rowCount).toBe(0);
    worker.process.kill('SIGTERM');
    await worker.ended;
  });

  test('cancel tells what is still there', async () => {
    const worker = await startWorker();
    await place.wand(['run', 'leaves/long', '--detach']);
    await sleeping(600);
    await eventually("the block's own child", async () => sleepers().length === 1);
    const { rows } = await state.query<{ pid: number }>('select pid from wand.worker');
    process.kill(rows[0]!.pid, 'SIGSTOP');
    const { code, stdout } = await place.wand(['cancel', '4']);
    process.kill(rows[0]!.pid, 'SIGCONT');
    expect(code).toBe(1);
    expect(stdout).toMatch(/still there: .*sleeper: .*waiter: process group \d+ is alive/);
    await eventually('the end of it', async () => sleepers().length === 0);
    worker.process.kill('SIGTERM');
    await worker.ended;
  });
});
