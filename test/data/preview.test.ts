import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { previewOutput } from '../../src/data/preview.ts';
import type { StoredOutput } from '../../src/model/output.ts';
import { parquetOf, temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const numbers = parquetOf(
  'SELECT i AS n, i % 7 AS week FROM range(300000) t(i)',
  join(folder, 'numbers.parquet'),
  ', ROW_GROUP_SIZE 20480',
);

const jsonOutput = (name: string, value: unknown): StoredOutput => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return { name: 'output_0', kind: 'json', path, rows: null, columns: null, bytes: null };
};

it('reaches every row by offset, in the order of the file', async () => {
  const output = await numbers;
  for (const offset of [0, 20_479, 20_480, 123_456, 299_998]) {
    const page = await previewOutput(output, { offset, limit: 3 });
    expect(page.rows.map(([n]) => n)).toEqual([offset, offset + 1, offset + 2].filter((n) => n < 300_000));
    expect(page).toMatchObject({ rowCount: 300_000, estimated: false });
  }
  expect((await previewOutput(output, { offset: 300_000, limit: 10 })).rows).toEqual([]);
});

it('sorts, filters and counts what the filter leaves', async () => {
  const output = await numbers;
  const page = await previewOutput(output, {
    offset: 1,
    limit: 2,
    sort: { column: 'n', descending: true },
    where: 'week = 3 -- odd',
  });
  const expected = Array.from({ length: 300_000 }, (_, n) => n).filter((n) => n % 7 === 3);
  expect(page.rowCount).toBe(expected.length);
  expect(page.rows.map(([n]) => n)).toEqual(expected.toReversed().slice(1, 3));
});

it('sorts up to the last page of a wide file within its memory', async () => {
  const wide = Array.from({ length: 30 }, (_, column) => `'text ' || i || ' of column ${column}' AS c${column}`).join(
    ', ',
  );
  const output = await parquetOf(`SELECT hash(i) AS h, ${wide} FROM range(200000) t(i)`, join(folder, 'wide.parquet'));
  const sort = { column: 'h', descending: false };
  const last = await previewOutput(output, { offset: 199_990, limit: 20, sort });
  expect(last.rows).toHaveLength(10);
  const keys = last.rows.map(([key]) => BigInt(key as string));
  expect(keys).toEqual(keys.toSorted((a, b) => (a < b ? -1 : 1)));
  expect((await previewOutput(output, { offset: 200_000, limit: 20, sort })).rows).toEqual([]);
});

it('refuses conditions that are more than a condition, or see more than the file', async () => {
  const output = await numbers;
  const page = (where: string) => previewOutput(output, { offset: 0, limit: 1, where });
  await expect(page('n = ')).rejects.toMatchObject({ code: 'bad-condition' });
  await expect(page('true); SELECT 1; SELECT (1')).rejects.toMatchObject({ code: 'bad-condition' });
  await expect(page(`(SELECT count(*) FROM read_text('/etc/hostname')) > 0`)).rejects.toMatchObject({
    code: 'bad-condition',
  });
  await expect(page('nothing = 1')).rejects.toThrow(/nothing/);
});

it('names the columns there are when asked to sort by another', async () => {
  await expect(
    previewOutput(await numbers, { offset: 0, limit: 1, sort: { column: 'x', descending: false } }),
  ).rejects.toMatchObject({
    code: 'unknown-column',
    fix: 'take one of: n, week',
  });
});

it('shows values as text where a double would lose digits, and types by short names', async () => {
  const output = await parquetOf(
    `SELECT 9007199254740993 AS big, 42::BIGINT AS small, 1.10::DECIMAL(10,2) AS price, 'NaN'::DOUBLE AS nan,
       TIMESTAMP '2021-01-01 00:30:10.5' AS at, DATE '2021-01-02' AS day, TIME '01:02:03' AS hour,
       TIMESTAMPTZ '2021-01-01 02:00:00+02' AS instant, [1, 2, NULL] AS list, {'a': 1, 'b': 'x'} AS pair,
       '\\x00\\xFF'::BLOB AS bytes, NULL::VARCHAR AS nothing, true AS yes, 1.5::FLOAT AS half`,
    join(folder, 'types.parquet'),
  );
  const page = await previewOutput(output, { offset: 0, limit: 1 });
  const shown = Object.fromEntries(page.columns.map(({ name, type }, at) => [name, [type, page.rows[0]![at]]]));
  expect(shown).toEqual({
    big: ['int64', '9007199254740993'],
    small: ['int64', 42],
    price: ['decimal(10,2)', '1.10'],
    nan: ['float64', 'NaN'],
    at: ['timestamp', '2021-01-01 00:30:10.5'],
    day: ['date', '2021-01-02'],
    hour: ['time', '01:02:03'],
    instant: ['timestamptz', '2021-01-01 00:00:00+00'],
    list: ['list', '[1,2,null]'],
    pair: ['struct', '{"a":1,"b":"x"}'],
    bytes: ['bytes', '\\x00ff'],
    nothing: ['text', null],
    yes: ['bool', true],
    half: ['float32', 1.5],
  });
});

it('leaves out an index that pandas stored without a name', async () => {
  const output = await parquetOf('SELECT 1 AS a, 5 AS "__index_level_0__", 2 AS b', join(folder, 'index.parquet'));
  const page = await previewOutput(output, { offset: 0, limit: 5, sort: { column: 'a', descending: false } });
  expect(page.columns.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(page.rows).toEqual([[1, 2]]);
});

it('pages through JSON: a list of objects is a table, all else one column', async () => {
  const table = jsonOutput('table.json', [{ a: 1, b: 'x' }, { a: 2 }, { a: 3, b: 'z' }]);
  expect(await previewOutput(table, { offset: 1, limit: 5, where: 'a > 1' })).toMatchObject({
    rows: [[3, 'z']],
    rowCount: 2,
  });
  expect(await previewOutput(jsonOutput('list.json', [1, 'two', null]), { offset: 0, limit: 9 })).toMatchObject({
    rows: [[1], ['two'], [null]],
  });
  expect(await previewOutput(jsonOutput('scalar.json', 'hello'), { offset: 0, limit: 9 })).toMatchObject({
    rows: [['hello']],
    rowCount: 1,
  });
  expect(
    await previewOutput(jsonOutput('object.json', { a: 1, deep: { b: [2] } }), { offset: 0, limit: 9 }),
  ).toMatchObject({
    columns: [
      { name: 'a', type: 'int64' },
      { name: 'deep', type: 'json' },
    ],
    rows: [[1, '{"b":[2]}']],
  });
});

it('says so when an output is gone or is no file', async () => {
  const gone: StoredOutput = {
    name: 'output_0',
    kind: 'table',
    path: join(folder, 'gone.parquet'),
    rows: 1,
    columns: null,
    bytes: 1,
  };
  await expect(previewOutput(gone, { offset: 0, limit: 1 })).rejects.toMatchObject({ code: 'output-lost' });
  const relation: StoredOutput = {
    ...gone,
    kind: 'relation',
    path: null,
    relation: { profile: 'dev', schema: 's', table: 't' },
  };
  await expect(previewOutput(relation, { offset: 0, limit: 1 })).rejects.toThrow(/s\.t/);
});

it('never shows what a pickle holds', async () => {
  const pickle: StoredOutput = {
    name: 'output_0',
    kind: 'pickle',
    path: join(folder, 'x.pkl'),
    rows: null,
    columns: null,
    bytes: 1,
  };
  expect((await previewOutput(pickle, { offset: 0, limit: 1 })).rows).toEqual([['a Python object, kept as pickle']]);
});

it('a page that nobody waits for is given up, and the next one is answered', async () => {
  const output = await parquetOf(
    'SELECT hash(i) AS h, hash(i + 1) AS g FROM range(3000000) t(i)',
    join(folder, 'long.parquet'),
  );
  const abort = new AbortController();
  const page = previewOutput(
    output,
    // Never done by itself in a test's time.
    { offset: 0, limit: 10, where: 'h + g + (SELECT count(*) FROM range(1000000) a, range(1000000) b) > 0' },
    abort.signal,
  );
  setTimeout(() => abort.abort(), 200);
  await expect(page).rejects.toThrow();
  expect((await previewOutput(output, { offset: 2_999_999, limit: 10 })).rows).toHaveLength(1);
  await expect(previewOutput(output, { offset: 0, limit: 1 }, AbortSignal.abort())).rejects.toThrow();
});
