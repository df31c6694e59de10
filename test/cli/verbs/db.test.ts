import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packageRoot } from '../../../src/home/package-root.ts';
import { connectClient, parseDatabaseUrl } from '../../../src/postgres/connect.ts';
import { makeHome, removeHome } from '../../support/home.ts';

const home = makeHome();
afterAll(() => removeHome(home));

const wand = async (args: string[], environment: Record<string, string> = {}) => {
  const child = spawn(process.execPath, [join(packageRoot(), 'src/cli/main.ts'), 'db', ...args], {
    cwd: home,
    env: { ...process.env, WAND_HOME: home, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
};

const server = async (...args: string[]) => JSON.parse((await wand([...args, '--json'])).stdout).server;

test('start, status and stop tell the same', async () => {
  expect(await server('status')).toMatchObject({ state: 'absent', port: null });
  const started = await server('start');
  expect(started).toMatchObject({ state: 'running', host: '127.0.0.1', kept: false });
  expect(await server('status')).toEqual(started);
  expect(await server('start', '--keep')).toEqual({ ...started, kept: true });
  expect((await wand(['status'])).stdout).toContain(`127.0.0.1:${started.port}`);
  expect(await server('stop')).toMatchObject({ state: 'stopped', kept: false });
  expect(await wand(['stop'])).toMatchObject({ code: 0, stdout: 'the embedded Postgres did not run\n' });
});

test('the URL of the state opens the database wand', async () => {
  const { stdout } = await wand(['url', '--state']);
  const client = await connectClient(parseDatabaseUrl(stdout, 'wand db url'), { applicationName: 'test' });
  expect((await client.query('SELECT current_database() AS name')).rows).toEqual([{ name: 'wand' }]);
  await client.end();
});

test('the URL of the data is that of the project, with .env and the embedded server', async () => {
  const project = join(home, 'instance', 'taxi');
  mkdirSync(join(project, 'pipelines'), { recursive: true });
  writeFileSync(join(project, 'metadata.yaml'), 'project_type: standalone\n');
  writeFileSync(
    join(project, 'io_config.yaml'),
    ['HOST', 'PORT', 'USER', 'PASSWORD', 'DBNAME'].reduce(
      (text, name) => `${text}  POSTGRES_${name}: "{{ env_var('POSTGRES_${name}') }}"\n`,
      'default:\n',
    ),
  );
  writeFileSync(join(home, 'instance', '.env'), 'POSTGRES_HOST=embedded\nPOSTGRES_DBNAME=my_data\n');
  const { stdout, stderr } = await wand(['url', '-C', project]);
  expect(stderr).toBe('');
  const client = await connectClient(parseDatabaseUrl(stdout, 'wand db url'), { applicationName: 'test' });
  expect((await client.query('SELECT current_database() AS name')).rows).toEqual([{ name: 'my_data' }]);
  await client.end();
  writeFileSync(
    join(home, 'instance', '.env'),
    'POSTGRES_HOST=db1\nPOSTGRES_USER=me\nPOSTGRES_PASSWORD=p@ss\nPOSTGRES_PORT=5439\nPOSTGRES_DBNAME=x\n',
  );
  expect((await wand(['url', '-C', project])).stdout).toBe('postgresql://me:p%40ss@db1:5439/x\n');
});

test('psql gets the password by its environment and its exit code is ours', async () => {
  const bin = join(home, 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'psql'),
    '#!/bin/sh\necho "$PGUSER $PGDATABASE $(test -n "$PGPASSWORD" && echo secret) $*"\nexit 7\n',
    {
      mode: 0o755,
    },
  );
  const environment = { PATH: [bin, process.env.PATH].join(delimiter) };
  const { code, stdout } = await wand(['psql', '--state', '--', '-c', 'select 1'], environment);
  expect({ code, stdout }).toEqual({ code: 7, stdout: 'wand wand secret -c select 1\n' });
});

test('without a psql the URL is printed, with wand sql as the way out', async () => {
  // A PATH without psql; the server's programs lie elsewhere or come from npm.
  const { code, stdout, stderr } = await wand(['psql', '--state'], { PATH: join(home, 'nothing') });
  expect(code).toBe(2);
  expect(stdout).toMatch(/^postgresql:\/\/wand:.*\/wand\n$/);
  expect(stderr).toContain('wand sql');
});

test('a state database out of reach is exit 3, and its password is not shown', async () => {
  const url = 'postgresql://me:top-secret-word@127.0.0.1:1/x';
  const { code, stdout, stderr } = await wand(['status'], { WAND_DATABASE_URL: url });
  expect(code).toBe(3);
  expect(stderr).toMatch(/No Postgres answers at 127.0.0.1:1 \(from WAND_DATABASE_URL\)/);
  expect(stdout + stderr).not.toContain('top-secret-word');
});
