import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { isAlive } from '../../../src/home/process.ts';
import { connectClient } from '../../../src/postgres/connect.ts';
import { embeddedConfig } from '../../../src/postgres/embedded/database.ts';
import { type EmbeddedServer, ensureEmbeddedServer } from '../../../src/postgres/embedded/ensure.ts';
import { isAboutToStop } from '../../../src/postgres/embedded/marks.ts';
import { embeddedServerStatus } from '../../../src/postgres/embedded/status.ts';
import { stopEmbeddedServer } from '../../../src/postgres/embedded/stop.ts';
import { inProcess, makeHome, removeHome } from '../../support/home.ts';
import { rootTest } from '../../support/where.ts';

/** One cluster for all that leave it whole; making one costs more than the rest of a test. */
const shared = makeHome();
afterAll(() => removeHome(shared));

const fresh: string[] = [];
const freshHome = (): string => {
  fresh.push(makeHome());
  return fresh.at(-1)!;
};
afterEach(async () => {
  for (const home of fresh.splice(0)) await removeHome(home);
});

const query = async (server: EmbeddedServer, sql: string) => {
  const client = await connectClient(embeddedConfig(server, 'postgres'), { applicationName: 'test' });
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};

const killHard = async (pid: number) => {
  process.kill(pid, 'SIGKILL');
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
};

test('four processes that want a server at once get one', async () => {
  const home = freshHome();
  const print = 'console.log(JSON.stringify(await ensure.ensureEmbeddedServer()));';
  const servers = await Promise.all(Array.from({ length: 4 }, () => inProcess<EmbeddedServer>(home, print)));
  expect(new Set(servers.map(({ pid }) => pid)).size).toBe(1);
  expect(new Set(servers.map(({ password }) => password)).size).toBe(1);
  expect(await query(servers[3]!, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('it outlives the process that started it, and a later one finds it', async () => {
  const home = shared;
  const started = await inProcess<EmbeddedServer>(
    home,
    'console.log(JSON.stringify(await ensure.ensureEmbeddedServer()));',
  );
  expect((await ensureEmbeddedServer(home)).pid).toBe(started.pid);
});

test('a server killed with -9 comes back with what was committed', async () => {
  const home = shared;
  const first = await ensureEmbeddedServer(home);
  await query(first, 'DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 42 AS answer');
  await killHard(first.pid);
  expect(embeddedServerStatus(home).state).toBe('stopped');
  const second = await ensureEmbeddedServer(home);
  expect(second.pid).not.toBe(first.pid);
  expect(second.port).toBe(first.port);
  expect(await query(second, 'SELECT * FROM kept')).toEqual([{ answer: 42 }]);
});

test('a killed server with a session deep in work comes back', async () => {
  const home = shared;
  const first = await ensureEmbeddedServer(home);
  const client = await connectClient(embeddedConfig(first, 'postgres'), { applicationName: 'test' });
  const lost = client
    .query("SELECT count(*) FROM generate_series(1, 1e12::bigint) n WHERE md5(n::text) = ''")
    .catch(() => 'lost');
  await new Promise((resolve) => setTimeout(resolve, 50));
  await killHard(first.pid);
  const second = await ensureEmbeddedServer(home);
  expect(await lost).toBe('lost');
  expect(await query(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a pid file and a socket lock whose pid is another process by now are no obstacle', async () => {
  const home = shared;
  const first = await ensureEmbeddedServer(home);
  const pidFile = readFileSync(join(first.dataFolder, 'postmaster.pid'), 'utf8');
  const lockFile = readFileSync(join(first.socketFolder, `.s.PGSQL.${first.port}.lock`), 'utf8');
  await stopEmbeddedServer(home);
  // A living process: Postgres itself would refuse to start.
  writeFileSync(join(first.dataFolder, 'postmaster.pid'), pidFile.replace(/^\d+/, String(process.pid)), {
    mode: 0o644,
  });
  mkdirSync(first.socketFolder, { recursive: true, mode: 0o700 });
  writeFileSync(join(first.socketFolder, `.s.PGSQL.${first.port}.lock`), lockFile.replace(/^\d+/, String(process.pid)));
  writeFileSync(join(first.socketFolder, `.s.PGSQL.${first.port}`), '');
  expect(embeddedServerStatus(home).state).toBe('stopped');
  expect(await query(await ensureEmbeddedServer(home), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(isAlive(process.pid)).toBe(true);
});

test('a half-made data folder is made anew, and what it held is kept aside', async () => {
  const home = freshHome();
  const first = await ensureEmbeddedServer(home);
  await stopEmbeddedServer(home);
  rmSync(join(first.dataFolder, 'global', 'pg_control'));
  mkdirSync(join(dirname(first.dataFolder), 'data.draft-dead'));
  expect(embeddedServerStatus(home).state).toBe('absent');
  expect(await query(await ensureEmbeddedServer(home), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  const beside = readdirSync(dirname(first.dataFolder));
  expect(beside.filter((name) => name.startsWith('data.broken-'))).toHaveLength(1);
  expect(beside).not.toContain('data.draft-dead');
});

test('a process killed while it makes the cluster leaves no obstacle', async () => {
  const home = freshHome();
  const killed = inProcess(
    home,
    "setTimeout(() => process.kill(process.pid, 'SIGKILL'), 120); await ensure.ensureEmbeddedServer();",
  );
  await expect(killed).rejects.toThrow('the script ended with null');
  expect(await query(await ensureEmbeddedServer(home), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('data of another major version is named with both versions and left as it is', async () => {
  const home = shared;
  const { dataFolder } = await ensureEmbeddedServer(home);
  await stopEmbeddedServer(home);
  const version = readFileSync(join(dataFolder, 'PG_VERSION'));
  writeFileSync(join(dataFolder, 'PG_VERSION'), '13\n');
  const files = readdirSync(dataFolder);
  await expect(ensureEmbeddedServer(home)).rejects.toMatchObject({
    code: 'postgres-version',
    exitCode: 3,
    message: expect.stringMatching(/is of PostgreSQL 13, but the server programs found are \d+\.\d+/),
    fix: expect.stringMatching(/Install PostgreSQL 13/),
  });
  expect(readdirSync(dataFolder)).toEqual(files);
  writeFileSync(join(dataFolder, 'PG_VERSION'), version);
});

test('a lost server.json costs the password, not the data', async () => {
  const home = shared;
  const first = await ensureEmbeddedServer(home);
  await query(first, 'DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 42 AS answer');
  rmSync(join(home, 'pg', 'server.json'));
  const second = await ensureEmbeddedServer(home);
  expect(second.password).not.toBe(first.password);
  expect(await query(second, 'SELECT * FROM kept')).toEqual([{ answer: 42 }]);
});

test('a port taken by somebody else is left to them', async () => {
  const home = shared;
  const first = await ensureEmbeddedServer(home);
  await stopEmbeddedServer(home);
  const squatter = createServer().listen(first.port, '127.0.0.1');
  await new Promise((resolve) => squatter.once('listening', resolve));
  const second = await ensureEmbeddedServer(home);
  squatter.close();
  expect(second.port).not.toBe(first.port);
  expect(await query(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(JSON.parse(readFileSync(join(home, 'pg', 'server.json'), 'utf8')).port).toBe(second.port);
});

test('who comes while it stops waits and starts it again', async () => {
  const home = shared;
  const first = await ensureEmbeddedServer(home);
  const stopped = stopEmbeddedServer(home);
  while (!isAboutToStop(home)) await new Promise(setImmediate);
  const second = await ensureEmbeddedServer(home);
  expect(await stopped).toBe(true);
  expect(second.pid).not.toBe(first.pid);
  expect(await query(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

rootTest('a location with another token is reported and not used', async () => {
  const home = shared;
  await ensureEmbeddedServer(home);
  await stopEmbeddedServer(home);
  const file = join(home, 'pg', 'location');
  const location = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...location, token: 'another' }));
  await expect(ensureEmbeddedServer(home)).rejects.toMatchObject({
    code: 'location-mismatch',
    message: expect.stringContaining(location.path),
    fix: expect.stringContaining(file),
  });
  writeFileSync(file, JSON.stringify(location));
});

rootTest('the data left by a removed home is not taken over', async () => {
  const home = freshHome();
  const first = await ensureEmbeddedServer(home);
  await stopEmbeddedServer(home);
  rmSync(join(home, 'pg'), { recursive: true });
  const second = await ensureEmbeddedServer(home);
  expect(second.dataFolder).not.toBe(first.dataFolder);
  expect(existsSync(first.dataFolder)).toBe(true);
  rmSync(dirname(first.dataFolder), { recursive: true });
});
