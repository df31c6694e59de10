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

test('a pool works and closes', async () => {
  const pool = createPool(database.config, { max: 2, applicationName: 'wand test' });
  expect((await pool.query('SELECT 2 AS two')).rows).toEqual([{ two: 2 }]);
  await pool.end();
});
