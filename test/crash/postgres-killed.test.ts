import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAlive } from '../../src/home/process.ts';
import { embeddedTcpConfig, ensureDatabase } from '../../src/postgres/embedded/database.ts';
import { type EmbeddedServer, ensureEmbeddedServer } from '../../src/postgres/embedded/ensure.ts';
import { urlOf } from '../support/database.ts';
import { makeHome, removeHome } from '../support/home.ts';
import { type Surroundings, surroundings } from '../support/program.ts';
import { eventually } from './eventually.ts';

const lines = 400;

/** A block that prints for some seconds and one that appends and then sleeps in its transaction. */
const writeProject = (place: Surroundings): void => {
  const project = join(place.root, 'projects', 'away');
  for (const folder of ['pipelines/talks', 'pipelines/appends', 'data_loaders', 'data_exporters']) {
    mkdirSync(join(project, folder), { recursive: true });
  }
  writeFileSync(join(project, 'metadata.yaml'), 'project_type: standalone\n');
  cpSync(join(place.root, 'projects', 'taxi', 'io_config.yaml'), join(project, 'io_config.yaml'));
  const pipeline = (name: string, block: string) =>
    writeFileSync(
      join(project, 'pipelines', name, 'metadata.yaml'),
      `name: ${name}\ntype: python\nblocks:\n${block}\n`,
    );
  pipeline(
    'talks',
    '- {uuid: talk, name: talk, type: data_loader, language: typescript, upstream_blocks: [], downstream_blocks: []}',
  );
  writeFileSync(
    join(project, 'data_loaders', 'talk.ts'),
    `import { json, loader } from 'wand';
export default loader(async () => {
  for (let n = 0; n < ${lines}; n += 1) {
    console.log('line ' + n);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  return json({ said: ${lines} });
});
`,
  );
  pipeline(
    'appends',
    `- {uuid: append, name: append, type: data_exporter, language: sql, upstream_blocks: [], downstream_blocks: [],
   configuration: {data_provider: postgres, data_provider_profile: dev, use_raw_sql: true}}`,
  );
  writeFileSync(
    join(project, 'data_exporters', 'append.sql'),
    'insert into away_rows select generate_series(1, 1000);\nselect pg_sleep(3);\n',
  );
};

describe('Postgres killed with SIGKILL under a run', () => {
  let place: Surroundings;
  let home: string;
  let server: EmbeddedServer;
  let url: string;
  beforeAll(async () => {
    place = await surroundings();
    writeProject(place);
    home = makeHome();
    server = await ensureEmbeddedServer(home);
    await ensureDatabase(server, 'state');
    // By its address: to the workers it is a server of others, which they do not start.
    url = urlOf(embeddedTcpConfig(server, 'state'));
    place.environment.WAND_DATABASE_URL = url;
    const env = join(place.root, 'projects', '.env');
    const { user, password, port } = server;
    writeFileSync(
      env,
      readFileSync(env, 'utf8')
        .replace(/POSTGRES_DBNAME=.*/, 'POSTGRES_DBNAME=state')
        .replace(/POSTGRES_USER=.*/, `POSTGRES_USER=${user}`)
        .replace(/POSTGRES_PASSWORD=.*/, `POSTGRES_PASSWORD=${password}`)
        .replace(/POSTGRES_PORT=.*/, `POSTGRES_PORT=${port}`),
    );
    await place.wand(['runs']);
    await query('create table away_rows (n int)');
  });
  afterAll(async () => {
    await place.close();
    await removeHome(home);
  });

  const query = async (sql: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };

  const kill = async (): Promise<void> => {
    process.kill(server.pid, 'SIGKILL');
    await eventually('the end of the server', async () => !isAlive(server.pid));
  };
  const restart = async (): Promise<void> => {
    server = await ensureEmbeddedServer(home);
    expect(urlOf(embeddedTcpConfig(server, 'state'))).toBe(url);
  };
  const spooled = (): string[] => {
    const folder = join(place.home, 'logs', 'spool');
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  };

  test('a block goes on; its lines wait on disk and arrive in order and once, its result is kept', async () => {
    const submitted = await place.wand(['run', 'away/talks', '--detach', '--json']);
    expect(submitted.stderr + submitted.stdout).toContain('talk');
    await eventually('the first lines', async () => (await query('select from wand.log_chunk')).length > 2);
    await kill();
    await eventually('lines on disk', async () => spooled().some((path) => statSync(path).size > 1_000));
    expect(spooled().map((path) => statSync(path).mode & 0o777)).toEqual([0o600]);
    // Longer than the block takes: its end finds no database.
    await new Promise((resolve) => setTimeout(resolve, 7_000));
    await restart();
    await eventually('the end of the run', async () => {
      const [run] = await query("select from wand.run where pipeline = 'talks' and status = 'completed'");
      return run !== undefined;
    });
    const said = await query(
      `select l.line->>3 as text from wand.log_chunk c, jsonb_array_elements(c.lines) with ordinality as l(line, place)
       where l.line->>3 like 'line %' order by c.first, l.place`,
    );
    expect(said.map(({ text }) => text)).toEqual(Array.from({ length: lines }, (_, n) => `line ${n}`));
    const attempts = await query('select a.attempt, a.status from wand.attempt a');
    expect(attempts).toEqual([{ attempt: 1, status: 'completed' }]);
    await eventually('an empty spool', async () => spooled().length === 0);
  });

  test('a block whose transaction it takes along runs again, and its rows are there once', async () => {
    const running = place.start(['run', 'away/appends', '--json']);
    await eventually('the sleeping block', async () => {
      const asleep = await query(
        "select from pg_stat_activity where query like '%pg_sleep(3)%' and state = 'active' and datname = current_database() and pid <> pg_backend_pid()",
      );
      return asleep.length > 0;
    });
    await kill();
    await restart();
    const { code, stdout, stderr } = await running.ended;
    expect({ code, problem: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, problem: '' });
    expect(await query('select count(*)::int as n, sum(n)::int as total from away_rows')).toEqual([
      { n: 1000, total: 500_500 },
    ]);
  });
});
