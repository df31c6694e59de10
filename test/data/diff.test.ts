import { join } from 'node:path';
import { expect, it } from 'vitest';
import { diffOutputs } from '../../src/data/diff.ts';
import { parquetOf, temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
let files = 0;
const outputOf = (query: string) => parquetOf(query, join(folder, `${++files}.parquet`));

it('matches rows by a unique column: added, removed, changed, and where', async () => {
  const left = await outputOf(`SELECT i % 7 AS week, i AS trip_id, 'n' || i AS name FROM range(1000) t(i)`);
  const right = await outputOf(
    `SELECT i % 7 AS week, i AS trip_id, CASE WHEN i < 25 THEN NULL ELSE 'n' || i END AS name FROM range(10, 1003) t(i)`,
  );
  const diff = await diffOutputs(left, right);
  expect(diff).toMatchObject({
    key: ['trip_id'],
    leftRows: 1000,
    rightRows: 993,
    added: 3,
    removed: 10,
    changed: 15,
    same: 975,
    changedColumns: [{ column: 'name', rows: 15 }],
    schema: [],
  });
  expect(diff.samples.added.map((row) => row[1])).toEqual([1000, 1001, 1002]);
  expect(diff.samples.changed[0]).toEqual({ left: [3, 10, 'n10'], right: [3, 10, null] });
});

it('without a key counts equal rows one by one', async () => {
  const left = await outputOf(`SELECT i % 5 AS a, NULL::INT AS b FROM range(100) t(i)`);
  const right = await outputOf(`SELECT i % 5 AS a, NULL::INT AS b FROM range(103) t(i) UNION ALL SELECT 77, 1`);
  const diff = await diffOutputs(left, right);
  expect(diff).toMatchObject({ key: null, added: 4, removed: 0, changed: 0, same: 100 });
  expect(diff.samples.added).toContainEqual([77, 1]);
});

it('names columns that came, went or changed their type, and compares the others', async () => {
  const left = await outputOf('SELECT i AS id, 1 AS gone, 1::INT AS kind FROM range(10) t(i)');
  const right = await outputOf(`SELECT i AS id, 1::BIGINT AS kind, 'x' AS came FROM range(10) t(i)`);
  const diff = await diffOutputs(left, right);
  expect(diff.schema).toEqual([
    { column: 'gone', left: 'int32', right: null },
    { column: 'kind', left: 'int32', right: 'int64' },
    { column: 'came', left: null, right: 'text' },
  ]);
  expect(diff).toMatchObject({ added: 0, removed: 0, changed: 0, same: 10 });
});

it('equal outputs differ in nothing, with odd names and empty ones too', async () => {
  const query = `SELECT 'a' AS "odd ""name'", [1, 2] AS list, {'x': 1} AS st FROM range(50)`;
  expect(await diffOutputs(await outputOf(query), await outputOf(query))).toMatchObject({
    added: 0,
    removed: 0,
    same: 50,
  });
  const empty = await outputOf('SELECT 1 AS n WHERE false');
  expect(await diffOutputs(empty, empty)).toMatchObject({ leftRows: 0, added: 0, removed: 0, same: 0 });
});

it('says why a table of Postgres has no earlier state', async () => {
  const file = await outputOf('SELECT 1 AS n');
  const relation = {
    name: 'output_0',
    kind: 'relation',
    path: null,
    rows: 1,
    columns: null,
    bytes: null,
    relation: { profile: 'dev', schema: 's', table: 't' },
  } as const;
  await expect(diffOutputs(file, relation)).rejects.toMatchObject({ code: 'output-is-relation' });
});

it('matches rows by the columns that were chosen, also where they are NULL', async () => {
  const left = await outputOf(
    'SELECT i // 10 AS day, CASE WHEN i % 10 > 0 THEN i % 10 END AS zone, i AS n FROM range(100) t(i)',
  );
  const right = await outputOf(
    'SELECT i // 10 AS day, CASE WHEN i % 10 > 0 THEN i % 10 END AS zone, i % 90 AS n FROM range(5, 110) t(i)',
  );
  expect(await diffOutputs(left, right, { key: ['day', 'zone'] })).toMatchObject({
    key: ['day', 'zone'],
    added: 10,
    removed: 5,
    changed: 10,
    same: 85,
  });
  await expect(diffOutputs(left, right, { key: ['day'] })).rejects.toMatchObject({ code: 'key-not-unique' });
  await expect(diffOutputs(left, right, { key: ['nope'] })).rejects.toMatchObject({ code: 'unknown-column' });
});
