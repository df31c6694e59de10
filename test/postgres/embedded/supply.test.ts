import { afterAll, expect, test } from 'vitest';
import { connectClient } from '../../../src/postgres/connect.ts';
import { embeddedServerStatus } from '../../../src/postgres/embedded/status.ts';
import { stopEmbeddedServer } from '../../../src/postgres/embedded/stop.ts';
import { supplyEmbedded } from '../../../src/postgres/embedded/supply.ts';
import { stateDatabase } from '../../../src/postgres/state-database.ts';
import { makeHome, removeHome } from '../../support/home.ts';

const home = makeHome();
process.env.WAND_HOME = home;
afterAll(() => removeHome(home));

const databaseOf = async (values: Record<string, string>) => {
  const config = {
    host: values.POSTGRES_HOST!,
    port: Number(values.POSTGRES_PORT),
    user: values.POSTGRES_USER!,
    password: values.POSTGRES_PASSWORD!,
    database: values.POSTGRES_DBNAME!,
  };
  const client = await connectClient(config, { applicationName: 'test' });
  const { rows } = await client.query('SELECT current_database() AS name');
  await client.end();
  return rows[0].name;
};

test('another host is left alone, and no server is made for it', async () => {
  const values = { POSTGRES_HOST: 'db1', POSTGRES_USER: 'me' };
  expect(await supplyEmbedded(values)).toBe(values);
  expect(embeddedServerStatus(home).state).toBe('absent');
});

test('the host `embedded` becomes the embedded server, with the database asked for', async () => {
  const values = {
    POSTGRES_HOST: 'embedded',
    POSTGRES_DBNAME: 'ny_taxi',
    POSTGRES_USER: 'root',
    POSTGRES_SCHEMA: 'mine',
    OTHER: 'x',
  };
  const supplied = await supplyEmbedded(values);
  expect(supplied).toMatchObject({
    POSTGRES_HOST: '127.0.0.1',
    POSTGRES_DBNAME: 'ny_taxi',
    POSTGRES_SCHEMA: 'mine',
    OTHER: 'x',
  });
  expect(await databaseOf(supplied)).toBe('ny_taxi');
  expect(values.POSTGRES_HOST).toBe('embedded');
});

test('also right after the server was stopped', async () => {
  const values = { POSTGRES_HOST: 'embedded', POSTGRES_DBNAME: 'ny_taxi' };
  await stopEmbeddedServer(home);
  expect(await databaseOf(await supplyEmbedded(values))).toBe('ny_taxi');
});

test("wand's state is at WAND_DATABASE_URL, else in a database of the embedded server", async () => {
  const url = 'postgresql://me:pw@db1:5433/state';
  expect(await stateDatabase({ WAND_DATABASE_URL: url })).toMatchObject({
    host: 'db1',
    database: 'state',
    origin: 'WAND_DATABASE_URL',
  });
  const client = await connectClient(await stateDatabase({}), { applicationName: 'test' });
  expect((await client.query('SELECT current_database() AS name')).rows).toEqual([{ name: 'wand' }]);
  await client.end();
});
