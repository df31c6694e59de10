import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectClient, createPool } from '../../src/postgres/connect.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test('connects with the application name', async () => {
  const client = await connectClient(database.config, { applicationName: 'wand test' });
  const { rows } = await client.query("SELECT current_setting('application_name') AS name, 1 AS one");
  expect(rows).toEqual([{ name: 'wand test', one: 1 }]);
  await client.end();
});

test('a connection of a pool that is lost in a transaction fails its next query, and ends no process', async () => {
  const pool = createPool(database.config, { max: 2, applicationName: 'wand test' });
  const client = await pool.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  await client.query('begin');
  const gone = new Promise((resolve) => client.once('end', resolve));
  // Nobody listens but the pool itself: what nobody hears is thrown.
  expect(client.listenerCount('error')).toBeGreaterThan(0);
  await pool.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
  await gone;
  await expect(client.query('select 1')).rejects.toThrow('connection error');
  client.release(true);
  expect((await pool.query('SELECT 2 AS two')).rows).toEqual([{ two: 2 }]);
  await pool.end();
});

test('a pool works and closes', async () => {
  const pool = createPool(database.config, { max: 2, applicationName: 'wand test' });
  expect((await pool.query('SELECT 2 AS two')).rows).toEqual([{ two: 2 }]);
  await pool.end();
});
