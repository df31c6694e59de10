import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAlive } from '../../src/home/process.ts';
import { embeddedTcpConfig, ensureDatabase } from '../../src/postgres/embedded/database.ts';
import { type EmbeddedServer, ensureEmbeddedServer } from '../../src/postgres/embedded/ensure.ts';
import { urlOf } from '../support/database.ts';
import { makeHome, removeHome } from '../support/home.ts';
import { type Surroundings, surroundings } from '../support/program.ts';
import { until } from '../support/until.ts';
import { entry, pipelineFile, rawSql, writeProject } from '../support/write-project.ts';

/** Lines before the server is killed, as many while it is away, and as many that end with the block. */
const lines = 100;
/** The block makes the first of these files and waits for the others: the test says when it goes on. */
const signs = ['ending', 'killed', 'on disk'] as const;
type Signs = Record<(typeof signs)[number], string>;

/** A block that prints, waits until the server is killed, prints again and ends; and one that appends and then sleeps in its transaction. */
const filesOf = (sign: Signs): Record<string, string> => ({
  ...pipelineFile('talks', entry({ uuid: 'talk', type: 'data_loader', language: 'typescript' })),
  'data_loaders/talk.ts': `import { existsSync, writeFileSync } from 'node:fs';
import { json, loader } from 'wand';
const sign = ${JSON.stringify(sign)};
const waitFor = async (path: string) => {
  while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 10));
};
export default loader(async () => {
  for (let n = 0; n < ${3 * lines}; n += 1) {
    if (n === ${lines}) await waitFor(sign.killed);
    if (n === ${2 * lines}) await waitFor(sign['on disk']);
    console.log('line ' + n);
  }
  writeFileSync(sign.ending, '');
  return json({ said: ${3 * lines} });
});
`,
  ...pipelineFile('appends', entry({ uuid: 'append', type: 'data_exporter', language: 'sql', rest: rawSql })),
  'data_exporters/append.sql': 'insert into away_rows select generate_series(1, 1000);\nselect pg_sleep(3);\n',
});

describe('Postgres killed with SIGKILL under a run', () => {
  let place: Surroundings;
  let home: string;
  let server: EmbeddedServer;
  let url: string;
  let sign: Signs;
  beforeAll(async () => {
    place = await surroundings();
    sign = Object.fromEntries(signs.map((name) => [name, join(place.root, name)])) as Signs;
    writeProject(place, 'away', filesOf(sign));
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
    await place.ok(['runs']);
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
    await until('the end of the server', async () => !isAlive(server.pid));
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
    await place.ok(['run', 'away/talks', '--detach']);
    await until('the first lines', async () => (await query('select from wand.log_chunk')).length > 0);
    await kill();
    writeFileSync(sign.killed, '');
    const last = JSON.stringify(`line ${2 * lines - 1}`);
    await until('lines on disk', () => spooled().some((path) => readFileSync(path, 'utf8').includes(last)));
    // Its end finds no database either.
    writeFileSync(sign['on disk'], '');
    await until('the end of the block', () => existsSync(sign.ending));
    expect(spooled().map((path) => statSync(path).mode & 0o777)).toEqual([0o600]);
    await restart();
    await until('the end of the run', async () => {
      const [run] = await query("select from wand.run where pipeline = 'talks' and status = 'completed'");
      return run !== undefined;
    });
    const said = await query(
      `select l.line->>3 as text from wand.log_chunk c, jsonb_array_elements(c.lines) with ordinality as l(line, place)
       where l.line->>3 like 'line %' order by c.first, l.place`,
    );
    expect(said.map(({ text }) => text)).toEqual(Array.from({ length: 3 * lines }, (_, n) => `line ${n}`));
    const attempts = await query('select a.attempt, a.status from wand.attempt a');
    expect(attempts).toEqual([{ attempt: 1, status: 'completed' }]);
    await until('an empty spool', async () => spooled().length === 0);
  });

  test('a block whose transaction it takes along runs again, and its rows are there once', async () => {
    const running = place.start(['run', 'away/appends', '--json']);
    await until('the sleeping block', async () => {
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
