import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { materialiseRelation } from '../../src/data/materialise.ts';
import { previewOutput } from '../../src/data/preview.ts';
import { connectClient } from '../../src/postgres/connect.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { temporaryFolder } from './temporary.ts';

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

const relation = { profile: 'dev', schema: 'odd "schema"', table: 'Mixed Table' };

it('copies a table with all its types, empty texts and nulls apart', async () => {
  await client.query(`
    CREATE SCHEMA "odd ""schema""";
    CREATE TABLE "odd ""schema"""."Mixed Table" ("Id" int, big bigint, price numeric(8,2), free numeric, t text, at timestamp, instant timestamptz,
      day date, tags text[], counts int[], doc jsonb, raw bytea, u uuid, yes boolean, ratio real);
    INSERT INTO "odd ""schema"""."Mixed Table" VALUES
      (1, 9007199254740993, 1.5, 1e-3, '', '2024-01-01 10:00', '2024-01-01 12:00+02', '2024-02-29', '{"a,b",NULL,"c\\"d"}', '{1,NULL}', '{"a": [1]}', '\\x00ff', '00000000-0000-0000-0000-000000000001', true, 0.5),
      (2, NULL, NULL, 12345, NULL, 'infinity', NULL, '0044-03-15 BC', NULL, '{}', NULL, NULL, NULL, false, 'NaN'),
      (3, 1, 2, 3, E'line\\nbreak, "quoted" \\\\N', NULL, NULL, NULL, '{\\\\N}', NULL, NULL, NULL, NULL, NULL, NULL)`);
  const output = await materialiseRelation(client, relation, join(folder, 'mixed.parquet'));
  expect(output).toMatchObject({ name: 'output_0', kind: 'table', rows: 3, relation });
  const page = await previewOutput(output, { offset: 0, limit: 10 });
  expect(page.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'Id int32',
    'big int64',
    'price decimal(18,2)',
    'free decimal(18,3)',
    't text',
    'at timestamp',
    'instant timestamptz',
    'day date',
    'tags list',
    'counts list',
    'doc text',
    'raw bytes',
    'u text',
    'yes bool',
    'ratio float32',
  ]);
  expect(page.rows).toEqual([
    [
      1,
      '9007199254740993',
      '1.50',
      '0.001',
      '',
      '2024-01-01 10:00:00',
      '2024-01-01 10:00:00+00',
      '2024-02-29',
      '["a,b",null,"c\\"d"]',
      '[1,null]',
      '{"a": [1]}',
      '\\x00ff',
      '00000000-0000-0000-0000-000000000001',
      true,
      0.5,
    ],
    [2, null, null, '12345.000', null, 'infinity', null, '0044-03-15 (BC)', null, '[]', null, null, null, false, 'NaN'],
    [
      3,
      1,
      '2.00',
      '3.000',
      'line\nbreak, "quoted" \\N',
      null,
      null,
      null,
      '["\\\\N"]',
      null,
      null,
      null,
      null,
      null,
      null,
    ],
  ]);
  expect(readdirSync(folder)).toEqual(['mixed.parquet']);
});

it('copies a view, and a table without rows', async () => {
  await client.query(
    'CREATE VIEW public.three AS SELECT n, n * 1.5 AS half FROM generate_series(1, 3) n; CREATE TABLE public.none (a int)',
  );
  const view = await materialiseRelation(
    client,
    { profile: 'dev', schema: 'public', table: 'three' },
    join(folder, 'view.parquet'),
  );
  expect(view.rows).toBe(3);
  const none = await materialiseRelation(
    client,
    { profile: 'dev', schema: 'public', table: 'none' },
    join(folder, 'none.parquet'),
  );
  expect(none).toMatchObject({ rows: 0, columns: [{ name: 'a', type: 'int32' }] });
});

it('names a table that is not there', async () => {
  await expect(
    materialiseRelation(client, { profile: 'dev', schema: 'public', table: 'gone' }, join(folder, 'gone.parquet')),
  ).rejects.toThrow(/public\.gone/);
});
