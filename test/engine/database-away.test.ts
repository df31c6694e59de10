import { open } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAway, untilThere } from '../../src/engine/database-away.ts';
import { createPool } from '../../src/postgres/connect.ts';
import { dropConnection } from '../../src/store/open-store.ts';
import { startRelay } from '../crash/relay.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error,
  );
const connected = async (over: Partial<pg.ClientConfig> = {}): Promise<pg.Client> => {
  const { host, port, user, password, database: name } = database.config;
  const client = new pg.Client({ host, port, user, password, database: name, ...over });
  client.on('error', () => {});
  await client.connect();
  return client;
};
/** A port of this host where nobody listens. */
const closedPort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
};
const failingQuery = async (sql: string): Promise<unknown> => {
  const client = await connected();
  const error = await errorOf(client.query(sql));
  await client.end().catch(() => {});
  return error;
};

describe('the database is away', () => {
  test.each(['127.0.0.1', 'localhost'])('where nobody listens at %s', async (host) => {
    const port = await closedPort();
    expect(isAway(await errorOf(connected({ host, port })))).toBe(true);
    const pool = createPool({ ...database.config, host, port }, { max: 1, applicationName: 'test' });
    expect(isAway(await errorOf(pool.query('select 1')))).toBe(true);
    await pool.end();
  });

  test('when it was stopped, and its socket is gone with it', async () => {
    const stopped = { host: join(tmpdir(), 'no socket here'), port: 5432 };
    expect(await errorOf(connected(stopped))).toMatchObject({ code: 'ENOENT' });
    expect(isAway(await errorOf(connected(stopped)))).toBe(true);
    const pool = createPool({ ...database.config, ...stopped }, { max: 1, applicationName: 'test' });
    expect(isAway(await errorOf(pool.query('select 1')))).toBe(true);
    await pool.end();
  });

  test('where the name of its host is not known', async () => {
    expect(isAway(await errorOf(connected({ host: 'no-such-host.invalid' })))).toBe(true);
  });

  test('when it ends the session, during a query and after it', async () => {
    const client = await connected();
    const during = errorOf(client.query('select pg_terminate_backend(pg_backend_pid())'));
    expect(isAway(await during)).toBe(true);
    expect(isAway(await errorOf(client.query('select 1')))).toBe(true);
  });

  test('when the connection breaks under a query', async () => {
    const { host, port } = database.config;
    const relay = await startRelay({ host, port });
    const client = await connected({ host: '127.0.0.1', port: relay.port });
    const query = errorOf(client.query('select pg_sleep(60)'));
    await relay.close();
    expect(isAway(await query)).toBe(true);
  });

  test('when nothing comes through, and the connection is dropped for it', async () => {
    const { host, port } = database.config;
    const relay = await startRelay({ host, port });
    const client = await connected({ host: '127.0.0.1', port: relay.port });
    relay.cut();
    const timed = errorOf(client.query({ text: 'select 1', query_timeout: 50 } as pg.QueryConfig));
    const other = errorOf(client.query('select 2'));
    expect(isAway(await timed)).toBe(true);
    dropConnection(client);
    expect(isAway(await other)).toBe(true);
    expect(isAway(await errorOf(client.query('select 3')))).toBe(true);
    await relay.close();
  });

  test('when connecting takes too long', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as { port: number };
    expect(isAway(await errorOf(connected({ host: '127.0.0.1', port, connectionTimeoutMillis: 100 })))).toBe(true);
    const pool = new pg.Pool({ ...database.config, host: '127.0.0.1', port, max: 1, connectionTimeoutMillis: 100 });
    expect(isAway(await errorOf(pool.connect()))).toBe(true);
    await pool.end();
    silent.close();
  });

  test.each(['57P03', '53100', '53300', '25006', '08006', '40P01'])('when it answers %s', async (code) => {
    expect(isAway(await failingQuery(`do $$ begin raise exception 'x' using errcode = '${code}'; end $$`))).toBe(true);
  });
});

describe('the database is there', () => {
  test.each([
    'select 1 / 0',
    `select '{"a'::jsonb`,
    `select '\\u0000'::text::jsonb`,
    'select * from nowhere',
    `set statement_timeout = 20; select pg_sleep(60)`,
    `do $$ begin raise exception 'Connection terminated'; end $$`,
  ])('when it answers with an error to %s', async (sql) => {
    expect(isAway(await failingQuery(sql))).toBe(false);
  });

  test('when this program has closed the door itself', async () => {
    const pool = createPool(database.config, { max: 1, applicationName: 'test' });
    await pool.end();
    expect(isAway(await errorOf(pool.query('select 1')))).toBe(false);
    const client = await connected();
    await client.end();
    expect(isAway(await errorOf(client.query('select 1')))).toBe(false);
  });

  test('for mistakes of this program and for files', async () => {
    const noFile = await errorOf(open('/nowhere/at all'));
    const noFolder = await errorOf(open('/proc/self/mem/x'));
    const mistakes = [
      new Error('a block said no'),
      new TypeError('x is undefined'),
      'Connection terminated',
      null,
      undefined,
    ];
    expect([noFile, noFolder, ...mistakes].map(isAway)).toEqual(Array(7).fill(false));
    // Five letters, as a code of Postgres has.
    const sameLength = Object.assign(new Error('EPERM: operation not permitted, open'), {
      code: 'EPERM',
      syscall: 'open',
    });
    expect(isAway(sameLength)).toBe(false);
  });

  test('so that a mistake ends at once what waits for the database', async () => {
    let tries = 0;
    const mistake = untilThere(
      async () => {
        tries += 1;
        throw new Error('a mistake');
      },
      () => tries > 3,
    );
    await expect(mistake).rejects.toThrow('a mistake');
    expect(tries).toBe(1);
  });
});
