import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { closeWarmConnections } from '../../../src/blocks/sql/warm-connections.ts';
import { errorOf, outputRows, type SqlWorkshop, sqlWorkshop } from './sql-block.ts';

let shop: SqlWorkshop;

beforeAll(async () => {
  shop = await sqlWorkshop();
});
afterAll(async () => {
  await closeWarmConnections();
  await shop.close();
});

const backend = async (sql = 'SELECT pg_backend_pid()::text AS pid'): Promise<unknown> =>
  (await outputRows(await shop.raw(sql))).at(-1)?.[0];

const sessions = async (): Promise<number> =>
  Number(
    (
      await shop.rows(
        `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      )
    )[0]!.n,
  );

describe('blocks that share a connection', () => {
  it('really share one', async () => {
    expect(await backend()).toBe(await backend());
  });

  it.each([
    ['a setting', `SET work_mem = '7MB'`, `SELECT current_setting('work_mem') <> '7MB' AS clean`],
    ['a search path', `SET search_path = nowhere`, `SELECT current_setting('search_path') <> 'nowhere' AS clean`],
    ['a date style', `SET datestyle = 'SQL, DMY'`, `SELECT (date '2024-02-03')::text = '2024-02-03' AS clean`],
    [
      'a setting of its own',
      `SET my.secret = 'x'`,
      `SELECT coalesce(current_setting('my.secret', true), '') = '' AS clean`,
    ],
    ['a temporary table', 'CREATE TEMP TABLE leak AS SELECT 1', `SELECT to_regclass('pg_temp.leak') IS NULL AS clean`],
    ['a prepared statement', 'PREPARE leak AS SELECT 1', `SELECT count(*) = 0 AS clean FROM pg_prepared_statements`],
    [
      'a cursor that outlives its transaction',
      'DECLARE leak CURSOR WITH HOLD FOR SELECT 1',
      `SELECT count(*) = 0 AS clean FROM pg_cursors WHERE name = 'leak'`,
    ],
    [
      'an advisory lock',
      'SELECT pg_advisory_lock(4711)',
      `SELECT count(*) = 0 AS clean FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711`,
    ],
    ['what it listens to', 'LISTEN leak', `SELECT count(*) = 0 AS clean FROM pg_listening_channels()`],
    ['a role', 'SET ROLE pg_monitor; SELECT 1', `SELECT current_user <> 'pg_monitor' AS clean`],
    [
      'a read-only session',
      'SET default_transaction_read_only = on',
      `SELECT current_setting('transaction_read_only') = 'off' AS clean`,
    ],
  ])('do not see %s of one another', async (_, first, second) => {
    const before = await backend();
    expect((await shop.raw(first)).result).toMatchObject({ status: 'completed' });
    expect(await outputRows(await shop.raw(second))).toEqual([[true]]);
    expect(await backend()).toBe(before);
  });

  it('are watched by the server, the second one too', async () => {
    const setting = "SELECT current_setting('client_connection_check_interval') AS value";
    expect(await outputRows(await shop.raw(setting))).toEqual([['1s']]);
    expect(await outputRows(await shop.raw(`SET client_connection_check_interval = 0; ${setting}`))).toEqual([['0']]);
    expect(await outputRows(await shop.raw(setting))).toEqual([['1s']]);
  });

  it('show whose session it is', async () => {
    const run = await shop.raw(`SELECT current_setting('application_name') AS name`, { block: 'who_am_i' });
    expect((await outputRows(run))[0]![0]).toMatch(/^wand run \d+ who_am_i$/);
  });

  it('get another one after a failure', async () => {
    const before = await backend();
    expect(errorOf(await shop.raw('SELECT 1/0')).message).toContain('division by zero');
    expect(await backend()).not.toBe(before);
  });

  it('get another one when the server has ended theirs', async () => {
    const before = await backend();
    await shop.client.query('SELECT pg_terminate_backend($1)', [before]);
    await expect.poll(sessions).toBe(0);
    expect(await backend()).not.toBe(before);
  });
});

it('keeps nobody from dropping a database that an earlier block was in', async () => {
  const name = `${shop.config.database}_other`;
  await shop.client.query(`CREATE DATABASE ${name}`);
  const profiles = { other: { ...shop.config, database: name } };
  const inOther = await shop.raw('SELECT current_database() AS name', {
    profiles,
    configuration: { data_provider_profile: 'other' },
  });
  expect(await outputRows(inOther)).toEqual([[name]]);
  expect((await shop.raw(`DROP DATABASE ${name}`)).result).toMatchObject({ status: 'completed' });
});

it('closes what nobody has used for some seconds', async () => {
  await backend();
  expect(await sessions()).toBeGreaterThan(0);
  await expect.poll(sessions, { interval: 200 }).toBe(0);
});

it('leaves a marker for a query that wrote after all, and none for one that did not', async () => {
  const markers = async () => Number((await shop.rows('SELECT count(*) AS n FROM wand_data.wand_commit'))[0]!.n);
  await shop.client.query(`CREATE TABLE written (n int);
    CREATE FUNCTION writes() RETURNS int LANGUAGE sql AS 'INSERT INTO written VALUES (1) RETURNING n'`);
  await shop.raw('SELECT 1 AS one');
  const before = await markers();
  await shop.raw('SELECT 2 AS two');
  expect(await markers()).toBe(before);
  await shop.raw('SELECT writes()');
  expect(await markers()).toBe(before + 1);
  // Before the last statement.
  await shop.raw('SELECT writes(); SELECT 3 AS three');
  expect(await markers()).toBe(before + 2);
  // Beyond the first page of rows, after the server was asked.
  await shop.raw('SELECT CASE WHEN n = 4999 THEN writes() END FROM generate_series(1, 5000) AS n');
  expect(await markers()).toBe(before + 3);
  expect(await shop.rows('SELECT count(*)::int AS n FROM written')).toEqual([{ n: 3 }]);
});

it('is one message for a query that only asks, with all that goes around it', async () => {
  await shop.raw('SELECT 1 AS one');
  const count = vi.spyOn(Client.prototype, 'query');
  const run = await shop.raw('SELECT 2 AS two');
  const sent = count.mock.calls.length;
  count.mockRestore();
  expect(await outputRows(run)).toEqual([[2]]);
  // The other one makes the session like new for the next block.
  expect(sent).toBe(2);
});

it('undoes all that a question began when it fails', async () => {
  await shop.raw('SELECT 1 AS one');
  expect(errorOf(await shop.raw('SELECT writes();\n\nSELECT 1/0'))).toMatchObject({ line: 3 });
  expect(await shop.rows('SELECT count(*)::int AS n FROM written')).toEqual([{ n: 3 }]);
});
