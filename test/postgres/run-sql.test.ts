import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectClient } from '../../src/postgres/connect.ts';
import { type RunSqlOptions, runSql } from '../../src/postgres/run-sql.ts';
import { tableDetail } from '../../src/postgres/table-detail.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const run = async (sql: string, options: Partial<RunSqlOptions> = {}) => {
  const client = await connectClient(database.config, { applicationName: 'test' });
  try {
    return await runSql(client, sql, { write: false, limit: 100, ...options });
  } finally {
    await client.end();
  }
};

it('answers columns with types, rows without lost digits, and their number', async () => {
  const [result] = await run(
    `SELECT 9007199254740993::int8 AS big, 1.10::numeric AS money, NULL AS nothing, date '2021-01-02' AS day, true AS yes`,
  );
  expect(result!.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'big int64',
    'money decimal',
    'nothing text',
    'day date',
    'yes bool',
  ]);
  expect(result).toMatchObject({
    rows: [['9007199254740993', '1.10', null, '2021-01-02', true]],
    affected: 1,
    truncated: false,
  });
});

it('runs several statements and answers a result for each', async () => {
  const results = await run('SELECT 1 AS a; SELECT 2 AS b, 3 AS c;');
  expect(results.map(({ rows }) => rows)).toEqual([[[1]], [[2, 3]]]);
});

it('changes nothing unless it may, also after a commit', async () => {
  await run('CREATE TABLE kept AS SELECT 1 AS n', { write: true });
  for (const sql of [
    'DELETE FROM kept',
    'COMMIT; DELETE FROM kept',
    'SELECT 1; DROP TABLE kept',
    'BEGIN; DELETE FROM kept; COMMIT',
  ]) {
    await expect(run(sql), sql).rejects.toMatchObject({ code: 'sql-error', fix: expect.stringContaining('--write') });
  }
  expect((await run('SELECT n FROM kept'))[0]!.rows).toEqual([[1]]);
  expect((await run('DELETE FROM kept', { write: true }))[0]).toMatchObject({
    command: 'DELETE',
    affected: 1,
    columns: [],
  });
});

it('names line and column of a mistake', async () => {
  await expect(run("SELECT 'é',\n  nope FROM pg_class")).rejects.toMatchObject({
    code: 'sql-error',
    message: expect.stringContaining('line 2, column 3: nope FROM'),
    line: 2,
  });
});

it('keeps so many rows of a large result and counts them all', async () => {
  const [result] = await run('SELECT i FROM generate_series(1, 50000) i', { limit: 10 });
  expect(result!.rows).toHaveLength(10);
  expect(result).toMatchObject({ affected: 50_000, truncated: true });
});

it('stops what takes too long', async () => {
  await expect(run('SELECT pg_sleep(20)', { timeout: 50 })).rejects.toMatchObject({ code: 'sql-error' });
});

it('describes a table: columns, defaults, indexes', async () => {
  await run("CREATE TABLE d (id int8 PRIMARY KEY, name varchar(20) DEFAULT 'x'); CREATE INDEX by_name ON d (name)", {
    write: true,
  });
  const client = await connectClient(database.config, { applicationName: 'test' });
  try {
    const detail = await tableDetail(client, { schema: 'public', table: 'd' });
    expect(detail.columns).toMatchObject([
      { name: 'id', type: 'int64', nullable: false },
      { name: 'name', type: 'text', nullable: true, default: "'x'::character varying" },
    ]);
    expect(detail.indexes.map(({ name, primary }) => [name, primary])).toEqual([
      ['d_pkey', true],
      ['by_name', false],
    ]);
  } finally {
    await client.end();
  }
});
