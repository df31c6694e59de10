import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConnectionConfig } from '../../src/model/connection-config.ts';
import { connectClient, createPool } from '../../src/postgres/connect.ts';
import { connectionError } from '../../src/postgres/connection-error.ts';
import { nameHostOrigin } from '../../src/postgres/host-origin.ts';
import { WandError } from '../../src/problem/wand-error.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
let config: ConnectionConfig;
beforeAll(async () => {
  database = await testDatabase();
  config = { ...database.config, password: 'top-secret-word', origin: 'profile dev of io_config.yaml' };
});
afterAll(() => database?.drop());

const failure = async (change: Partial<ConnectionConfig>): Promise<WandError> => {
  const error = await connectClient({ ...config, ...change }, { applicationName: 'test' }).then(
    () => new Error('it connected'),
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(WandError);
  expect(error.exitCode).toBe(3);
  expect(`${error.message} ${error.fix}`).not.toContain('top-secret-word');
  return error;
};

const listen = async (): Promise<{ server: Server; port: number }> => {
  const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { server, port: (server.address() as { port: number }).port };
};

describe('a failure to connect names the place, where it was written, and the way out', () => {
  test('nobody listens', async () => {
    const { server, port } = await listen();
    await new Promise((resolve) => server.close(resolve));
    const error = await failure({ host: '127.0.0.1', port });
    expect(error.code).toBe('database-refused');
    expect(error.message).toBe(`No Postgres answers at 127.0.0.1:${port} (from profile dev of io_config.yaml).`);
    expect(error.fix).toContain('POSTGRES_HOST=embedded');
  });

  test('nobody listens at any address of a name', async () => {
    const { server, port } = await listen();
    await new Promise((resolve) => server.close(resolve));
    expect((await failure({ host: 'localhost', port })).code).toBe('database-refused');
  });

  test('nobody listens at WAND_DATABASE_URL', async () => {
    const error = await failure({ host: join(tmpdir(), 'no such folder'), origin: 'WAND_DATABASE_URL' });
    expect(error.code).toBe('database-refused');
    expect(error.fix).toContain('unset WAND_DATABASE_URL');
  });

  test('the host is the name that docker compose gives', () => {
    const refusal = Object.assign(new Error('getaddrinfo ENOTFOUND postgres'), { code: 'ENOTFOUND' });
    const error = connectionError(refusal, { ...config, host: 'postgres' });
    expect(error).toMatchObject({ code: 'database-host-unknown', exitCode: 3 });
    expect(error.message).toMatch(/"postgres".*docker compose.*profile dev of io_config.yaml/);
    expect(error.fix).toContain('POSTGRES_HOST=embedded');
  });

  test('the host is unknown', async () => {
    const error = await failure({ host: 'no-such-host.invalid' });
    expect(error.code).toBe('database-host-unknown');
    expect(error.message).toContain('"no-such-host.invalid"');
  });

  test('the password is wrong', async () => {
    const error = await failure({});
    expect(error.code).toBe('database-login');
    expect(error.message).toMatch(/password of user "wand" \(from profile dev/);
  });

  test('the database is missing', async () => {
    const error = await failure({ password: database.config.password, database: 'nosuch' });
    expect(error.code).toBe('database-missing');
    expect(error.message).toContain('"nosuch"');
  });

  test('the host takes the connection and is silent', async () => {
    const { server, port } = await listen();
    const error = await failure({ host: '127.0.0.1', port, connectTimeout: 0.2 });
    server.close();
    expect(error.code).toBe('database-timeout');
    expect(error.message).toContain(`127.0.0.1:${port}`);
  });

  test('TLS is required and the server has none', async () => {
    expect((await failure({ sslMode: 'require' })).message).toMatch(/SSL/);
    expect(() => createPool({ ...config, sslMode: 'sometimes' }, { max: 1, applicationName: 'test' })).toThrow(
      /sslmode "sometimes"/,
    );
  });

  test('through a pool, too', async () => {
    const pool = createPool(config, { max: 1, applicationName: 'test' });
    await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: 'database-login', exitCode: 3 });
    await expect(pool.connect()).rejects.toMatchObject({ code: 'database-login' });
    await pool.end();
  });

  test('with the file and the variable that named the host', () => {
    const environment = { values: { POSTGRES_HOST: 'db1' }, originOf: () => '/work/projects/.env' };
    expect(nameHostOrigin({ ...config, host: 'db1' }, environment).origin).toBe(
      'profile dev of io_config.yaml, POSTGRES_HOST of /work/projects/.env',
    );
    expect(nameHostOrigin({ ...config, host: 'other' }, environment).origin).toBe(config.origin);
  });
});
