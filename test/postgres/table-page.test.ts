import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listTables, tablePage } from '../../src/postgres/catalog.ts';
import { connectClient } from '../../src/postgres/connect.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { postgresProxy } from '../support/postgres-proxy.ts';

let database: TestDatabase;
let client: pg.Client;
const table = { schema: 'Odd "schema"', table: 'trips' };

beforeAll(async () => {
  database = await testDatabase();
  client = await connectClient(database.config, { applicationName: 'test' });
  await client.query(`
    CREATE SCHEMA "Odd ""schema""";
    SET search_path = "Odd ""schema""";
    CREATE TYPE mood AS ENUM ('fine');
    CREATE TABLE trips (
      id int PRIMARY KEY, "Weird ""name""" text, big bigint, exact numeric(30, 12), real float8, small smallint, yes boolean,
      at timestamp, zoned timestamptz, day date, doc jsonb, list int[], raw bytea, feeling mood, short varchar(9));
    INSERT INTO trips SELECT n, CASE WHEN n % 2 = 0 THEN 'even' END FROM generate_series(1, 1000) n;
    UPDATE trips SET big = 9007199254740993, exact = 123456789012345678.000000000001, real = 0.1, small = -3, yes = false,
      at = '2024-01-01 12:34:56.789012', zoned = '2024-01-01 12:34:56.789012+02', day = '0044-03-15 BC',
      doc = '{"a": 12345678901234567890}', list = '{1,NULL}', raw = '\\xDEAD', feeling = 'fine', short = 'a' WHERE id = 1;
    INSERT INTO trips (id, real) VALUES (1001, 'NaN'), (1002, '-Infinity');
    CREATE VIEW even AS SELECT id FROM trips WHERE id % 2 = 0;
    CREATE TABLE parts (day date, n int) PARTITION BY RANGE (day);
    CREATE TABLE parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
    INSERT INTO parts SELECT '2024-02-02', n FROM generate_series(1, 10) n;
    ANALYZE`);
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

const kinds = [
  { kind: 'one question after the other', pipelined: false },
  { kind: 'pipelined', pipelined: true },
];
const use = (pipelined: boolean): void => {
  let before: pg.Client;
  beforeAll(async () => {
    before = client;
    client = await connectClient(database.config, { applicationName: 'test', pipelined });
    await client.query('SET search_path = "Odd ""schema"""');
  });
  afterAll(async () => {
    await client.end();
    client = before;
  });
};

describe.each(kinds)('a page, $kind', ({ pipelined }) => {
  use(pipelined);

  test('shows every value as it is, with the types of the columns', async () => {
    const page = await tablePage(client, table, { offset: 0, limit: 1, where: 'id = 1' });
    expect(
      page.columns.map(({ name, type }) => [name, type, page.rows[0]![page.columns.findIndex((c) => c.name === name)]]),
    ).toEqual([
      ['id', 'int32', 1],
      ['Weird "name"', 'text', null],
      ['big', 'int64', '9007199254740993'],
      ['exact', 'decimal', '123456789012345678.000000000001'],
      ['real', 'float64', 0.1],
      ['small', 'int16', -3],
      ['yes', 'bool', false],
      ['at', 'timestamp', '2024-01-01 12:34:56.789012'],
      ['zoned', 'timestamptz', '2024-01-01 10:34:56.789012+00'],
      ['day', 'date', '0044-03-15 BC'],
      ['doc', 'jsonb', '{"a": 12345678901234567890}'],
      ['list', 'int32[]', '{1,NULL}'],
      ['raw', 'bytes', '\\xdead'],
      ['feeling', 'mood', 'fine'],
      ['short', 'text', 'a'],
    ]);
    expect(page).toMatchObject({ rowCount: 1, estimated: false });
  });

  test('keeps what JSON has no number for', async () => {
    const page = await tablePage(client, table, {
      offset: 0,
      limit: 2,
      where: 'id > 1000',
      sort: { column: 'id', descending: false },
    });
    expect(page.rows.map((row) => row[4])).toEqual(['NaN', '-Infinity']);
  });

  test('reaches the last row, and nothing lies behind it', async () => {
    const last = await tablePage(client, table, { offset: 1001, limit: 50 });
    expect(last.rows).toHaveLength(1);
    expect(last.rowCount).toBe(1002);
    expect((await tablePage(client, table, { offset: 1002, limit: 50 })).rows).toEqual([]);
  });

  test('pages that are sorted by a column with equal values show each row once', async () => {
    const ids = new Set();
    for (let offset = 0; offset < 1002; offset += 100) {
      const page = await tablePage(client, table, {
        offset,
        limit: 100,
        sort: { column: 'Weird "name"', descending: true },
      });
      for (const row of page.rows) ids.add(row[0]);
    }
    expect(ids.size).toBe(1002);
  });

  test('sorts downwards with NULL last', async () => {
    const sort = { column: 'big', descending: true };
    expect((await tablePage(client, table, { offset: 0, limit: 1, sort })).rows[0]![0]).toBe(1);
  });

  test('pages from the end are those from the beginning', async () => {
    const request = { sort: { column: 'Weird "name"', descending: false }, where: 'id <= 100' };
    const whole = await tablePage(client, table, { ...request, offset: 0, limit: 1000 });
    for (const offset of [0, 49, 51, 80, 95, 99, 100, 200]) {
      const page = await tablePage(client, table, { ...request, offset, limit: 10 });
      expect(page.rows).toEqual(whole.rows.slice(offset, offset + 10));
    }
  });

  test('reads views and partitioned tables', async () => {
    const sort = { column: 'id', descending: true };
    expect(await tablePage(client, { ...table, table: 'even' }, { offset: 0, limit: 1, sort })).toMatchObject({
      rows: [[1002]],
      rowCount: 501,
    });
    const parts = await tablePage(
      client,
      { ...table, table: 'parts' },
      { offset: 0, limit: 1, sort: { column: 'n', descending: true } },
    );
    expect(parts).toMatchObject({ rows: [['2024-02-02', 10]], rowCount: 10 });
  });
});

test('a pipelined page takes three trips to the server and not seven', async () => {
  const proxy = await postgresProxy(database.config, { slow: 50 });
  const trips = async (pipelined: boolean): Promise<number> => {
    const config = { ...database.config, port: proxy.port };
    const far = await connectClient(config, { applicationName: 'test', pipelined });
    const before = proxy.trips();
    expect((await tablePage(far, table, { offset: 0, limit: 10 })).rows).toHaveLength(10);
    const after = proxy.trips();
    await far.end();
    return after - before;
  };
  expect(await trips(false)).toBe(7);
  expect(await trips(true)).toBe(3);
  await proxy.close();
});

describe.each(kinds)('what is wrong is said, $kind', ({ pipelined }) => {
  use(pipelined);

  const page = (request: object, name = table) => tablePage(client, name, { offset: 0, limit: 1, ...request });

  test('a table or a column that is not there', async () => {
    await expect(page({}, { ...table, table: 'none' })).rejects.toMatchObject({ code: 'table-not-found' });
    const sort = { column: 'id; DROP TABLE trips', descending: false };
    await expect(page({ sort })).rejects.toMatchObject({
      code: 'column-not-found',
      fix: expect.stringContaining('id'),
    });
  });

  test('a condition with an error', async () => {
    await expect(page({ where: 'nosuch > 1' })).rejects.toMatchObject({
      code: 'invalid-where',
      message: expect.stringContaining('nosuch'),
    });
  });

  test('an offset that is none', async () => {
    await expect(page({ offset: -1 })).rejects.toMatchObject({ code: 'invalid-page' });
    await expect(page({ limit: 1.5 })).rejects.toMatchObject({ code: 'invalid-page' });
  });

  test('a condition can change nothing, and the session works on', async () => {
    const attempts = [
      'true); DROP TABLE trips; --',
      'true) LIMIT 1; COMMIT; DELETE FROM trips WHERE (true',
      "nextval('s') > 0",
      'true -- comment',
    ];
    await client.query('CREATE SEQUENCE IF NOT EXISTS s');
    const outcomes: string[] = [];
    for (const where of attempts) {
      outcomes.push(
        await page({ where }).then(
          () => 'read',
          (error) => error.code,
        ),
      );
    }
    expect(outcomes).toEqual(['invalid-where', 'invalid-where', 'invalid-where', 'read']);
    expect((await page({})).rowCount).toBe(1002);
  });
});

test('the list has tables and views of users, partitions counted with their parent', async () => {
  const tables = await listTables(client);
  expect(tables.map(({ schema, table, kind, rowEstimate }) => [schema, table, kind, rowEstimate])).toEqual([
    ['Odd "schema"', 'even', 'view', 0],
    ['Odd "schema"', 'parts', 'table', 10],
    ['Odd "schema"', 'trips', 'table', 1002],
  ]);
  expect(tables.find((entry) => entry.table === 'trips')!.bytes).toBeGreaterThan(10_000);
});
