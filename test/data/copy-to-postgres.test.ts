import { join } from 'node:path';
import fc from 'fast-check';
import type { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyParquetToPostgres } from '../../src/data/copy-to-postgres.ts';
import { textLiteral } from '../../src/data/duckdb.ts';
import { connectClient } from '../../src/postgres/connect.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { parquetOf, temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  database = await testDatabase();
  client = await connectClient(database.config, { applicationName: 'test' });
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** Loads a query's rows into a new table and reads them back as Postgres writes them. */
const roundTrip = async (query: string, columns: string, order = ''): Promise<(string | null)[][]> => {
  const { path } = await parquetOf(query, join(folder, 'round.parquet'));
  await client.query(`DROP TABLE IF EXISTS target; CREATE TABLE target (${columns})`);
  await copyParquetToPostgres(client, { path: path!, schema: 'public', table: 'target' });
  const { rows } = await client.query({
    text: `SELECT * FROM target ${order}`,
    rowMode: 'array',
    types: { getTypeParser: () => (text: string) => text },
  });
  return rows;
};

const literal = (value: unknown): string => (value === null ? 'NULL' : textLiteral(String(value)));

/** Values arrive as if Postgres had read their texts itself. */
const sameAsPostgres = async (duck: string, postgres: string, values: (string | null)[]): Promise<void> => {
  const rows = values.map((value, at) => `(${at}, ${literal(value)})`).join(', ');
  const found = await roundTrip(
    `SELECT n, v::${duck} AS v FROM (VALUES ${rows}) t(n, v)`,
    `n int, v ${postgres}`,
    'ORDER BY n',
  );
  const expected = await client.query({
    text: `SELECT v::${postgres} FROM unnest($1::text[]) WITH ORDINALITY AS t(v, n) ORDER BY n`,
    values: [values],
    rowMode: 'array',
    types: { getTypeParser: () => (text: string) => text },
  });
  expect(found.map(([, value]) => value)).toEqual(expected.rows.map(([value]) => value));
};

const texts = (values: unknown[]): (string | null)[] => values.map((value) => (value === null ? null : String(value)));

/**
 * One list of many values and two of few, a fifth of them NULL. A round trip takes as long however many values it has, so they are in few of
 * them. (A failure's list is not shrunk: the difference names the value.)
 */
const check = async (values: fc.Arbitrary<unknown>, duck: string, postgres: string): Promise<void> => {
  const lists = (minLength: number, maxLength: number) =>
    fc.array(fc.option(values, { freq: 5 }), { minLength, maxLength, size: 'max' });
  for (const [list, numRuns] of [
    [lists(400, 500), 1],
    [lists(1, 3), 2],
  ] as const) {
    await fc.assert(
      fc.asyncProperty(list, (given) => sameAsPostgres(duck, postgres, texts(given))),
      { numRuns, endOnFailure: true },
    );
  }
};

const dates = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T00:00:00Z'),
  noInvalidDate: true,
});

it.each([
  ['SMALLINT', 'smallint', fc.integer({ min: -32_768, max: 32_767 })],
  ['INTEGER', 'integer', fc.integer()],
  ['BIGINT', 'bigint', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  ['UTINYINT', 'smallint', fc.integer({ min: 0, max: 255 })],
  ['UINTEGER', 'bigint', fc.integer({ min: 0, max: 4_294_967_295 })],
  ['UBIGINT', 'numeric', fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })],
  ['BIGINT', 'integer', fc.integer()],
  ['DOUBLE', 'double precision', fc.double({ noNaN: true })],
  ['FLOAT', 'real', fc.float({ noNaN: true, noDefaultInfinity: true })],
  ['BOOLEAN', 'boolean', fc.boolean()],
  [
    'DECIMAL(30,7)',
    'numeric(30,7)',
    fc.bigInt({ min: -(10n ** 22n), max: 10n ** 22n }).map((n) => `${n / 10n}.${String(n < 0n ? -n : n).slice(-1)}`),
  ],
  ['VARCHAR', 'text', fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))],
  ['VARCHAR', 'varchar(400)', fc.string({ maxLength: 30 }).filter((text) => !text.includes('\0'))],
  ['DATE', 'date', dates.map((date) => date.toISOString().slice(0, 10))],
  ['TIMESTAMP', 'timestamp', dates.map((date) => date.toISOString().slice(0, 23).replace('T', ' '))],
  ['TIMESTAMPTZ', 'timestamptz', dates.map((date) => date.toISOString())],
  ['TIME', 'time', dates.map((date) => date.toISOString().slice(11, 23))],
  ['UUID', 'uuid', fc.uuid()],
  [
    'VARCHAR',
    'jsonb',
    fc
      .json({ noUnicodeString: true } as never)
      .filter((text) => !text.includes('\\u0000') && !text.includes('-0') && !/e[+-]?\d/i.test(text)),
  ],
  ['VARCHAR', 'date', dates.map((date) => date.toISOString().slice(0, 10))],
] as [string, string, fc.Arbitrary<unknown>][])(
  '%s into %s arrives as Postgres itself would read it',
  async (duck, postgres, values) => {
    await check(values, duck, postgres);
  },
);

it('carries the special values: NaN, infinities, empty text, bytes, years before our era', async () => {
  await sameAsPostgres('DOUBLE', 'double precision', ['NaN', 'Infinity', '-Infinity', '-0', null]);
  await sameAsPostgres('DATE', 'date', ['infinity', '-infinity', '0001-01-01', null]);
  await sameAsPostgres('TIMESTAMP', 'timestamp', ['infinity', '-infinity', '1969-12-31 23:59:59.999999']);
  await sameAsPostgres('VARCHAR', 'text', [
    '',
    ' ',
    '\\N',
    'a\tb\nc',
    'twelve bytes',
    'thirteen byte',
    'é'.repeat(500),
    null,
  ]);
  await sameAsPostgres('VARCHAR', 'numeric', [
    '1e3',
    '-1.50',
    '0.00',
    '1e-7',
    '12345678901234567890.123456789',
    'NaN',
    'Infinity',
  ]);
  expect(await roundTrip(`SELECT '\\x00\\xFF'::BLOB AS v`, 'v bytea')).toEqual([['\\x00ff']]);
  expect(await roundTrip(`SELECT INTERVAL '1 year 2 days 03:04:05.5' AS v`, 'v interval')).toEqual([
    ['1 year 2 days 03:04:05.5'],
  ]);
});

it('carries lists and structs: jsonb, arrays of text and numbers', async () => {
  expect(
    await roundTrip(
      `SELECT [1, NULL, 3] AS numbers, ['a b', 'c"d', NULL, 'e,\\f'] AS words, {'a': 1, 'b': [2]} AS pair, [[1, 2], [3, 4]] AS grid`,
      'numbers int[], words text[], pair jsonb, grid int[]',
    ),
  ).toEqual([['{1,NULL,3}', '{"a b","c\\"d",NULL,"e,\\\\f"}', '{"a": 1, "b": [2]}', '{{1,2},{3,4}}']]);
});

it('fills types it has no encoder for by text: enums, domains, inet', async () => {
  await client.query(`CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN small AS int CHECK (VALUE < 10)`);
  expect(
    await roundTrip(
      `SELECT 'ok' AS m, 7 AS s, '10.0.0.1' AS i, NULL::VARCHAR AS n, 'a\\b' || chr(10) AS t, '\\x01'::BLOB AS b`,
      'm mood, s small, i inet, n mood, t text, b bytea',
    ),
  ).toEqual([['ok', '7', '10.0.0.1', null, 'a\\b\n', '\\x01']]);
});

it('keeps the order of a file of many chunks and counts its rows', async () => {
  const rows = await roundTrip(
    'SELECT i AS n, CASE WHEN i % 3 = 0 THEN NULL ELSE i::VARCHAR END AS v FROM range(10000) t(i)',
    'n int, v text',
  );
  expect(rows.length).toBe(10_000);
  expect(rows.every(([n, v], at) => Number(n) === at && v === (at % 3 === 0 ? null : String(at)))).toBe(true);
});

it('fails rather than change a value: out of range, a fraction into an integer, a missing column', async () => {
  await expect(roundTrip('SELECT 40000 AS v', 'v smallint')).rejects.toThrow(/40000/);
  await expect(roundTrip('SELECT 1.5::DOUBLE AS v', 'v int')).rejects.toThrow(/column v \(int4\) cannot hold 1\.5/);
  await expect(roundTrip('SELECT 7 AS v', 'v bool')).rejects.toThrow(/column v \(bool\) cannot hold 7/);
  await expect(roundTrip('SELECT 1 AS v, 2 AS w', 'v int')).rejects.toMatchObject({ code: 'table-columns' });
  await expect(roundTrip(`SELECT 'x' AS v`, 'v numeric')).rejects.toMatchObject({ code: 'bad-number' });
  // The connection is still good after each of them.
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

it('leaves the transaction to the caller, and the connection usable after a failure of the server', async () => {
  const { path } = await parquetOf('SELECT i AS n FROM range(5000) t(i)', join(folder, 'rolled.parquet'));
  await client.query('DROP TABLE IF EXISTS rolled; CREATE TABLE rolled (n int CHECK (n < 4000))');
  await client.query('BEGIN');
  await expect(copyParquetToPostgres(client, { path: path!, schema: 'public', table: 'rolled' })).rejects.toThrow(
    /check constraint/,
  );
  await client.query('ROLLBACK');
  expect((await client.query('SELECT count(*)::int AS n FROM rolled')).rows).toEqual([{ n: 0 }]);
});

it('loads chosen columns under other names', async () => {
  const { path } = await parquetOf('SELECT 1 AS "A", 2 AS "B"', join(folder, 'chosen.parquet'));
  await client.query('DROP TABLE IF EXISTS chosen; CREATE TABLE chosen (b int, extra text DEFAULT $$kept$$)');
  await copyParquetToPostgres(client, {
    path: path!,
    schema: 'public',
    table: 'chosen',
    columns: [{ source: 'B', target: 'b' }],
  });
  expect((await client.query('SELECT * FROM chosen')).rows).toEqual([{ b: 2, extra: 'kept' }]);
});
