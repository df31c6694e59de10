import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { previewOutput } from '../../src/data/preview.ts';
import { writeTable } from '../../src/data/write-table.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();

async function* batches(...all: unknown[][][]): AsyncGenerator<unknown[][]> {
  yield* all;
}

const written = async (columns: [string, string][], ...all: unknown[][][]) => {
  const path = join(folder, 'written.parquet');
  const facts = await writeTable(
    path,
    columns.map(([name, type]) => ({ name, type })),
    batches(...all),
  );
  const page = await previewOutput(
    { name: 'output_0', kind: 'table', path, rows: null, columns: null, bytes: null },
    { offset: 0, limit: 100 },
  );
  return { facts, page };
};

it('writes what Postgres prints, with its types', async () => {
  const { facts, page } = await written(
    [
      ['i', 'integer'],
      ['b', 'bigint'],
      ['d', 'double precision'],
      ['n', 'numeric(10,2)'],
      ['t', 'text'],
      ['yes', 'boolean'],
      ['day', 'date'],
      ['at', 'timestamp without time zone'],
      ['instant', 'timestamp(3) with time zone'],
      ['h', 'time without time zone'],
      ['raw', 'bytea'],
      ['doc', 'jsonb'],
      ['mood', 'mood'],
    ],
    [
      [
        '7',
        '9007199254740993',
        'NaN',
        '1.50',
        '',
        't',
        '2024-02-29',
        '2024-01-01 10:00:00.25',
        '2024-01-01 12:00:00+02',
        '01:02:03',
        '\\x00ff',
        '{"a": 1}',
        'ok',
      ],
    ],
    [[null, null, null, null, null, null, null, null, null, null, null, null, null]],
  );
  expect(facts).toMatchObject({ rows: 2 });
  expect(page.columns.map(({ type }) => type)).toEqual(
    'int32 int64 float64 decimal(18,2) text bool date timestamp timestamptz time bytes text text'.split(' '),
  );
  expect(page.rows).toEqual([
    [
      7,
      '9007199254740993',
      'NaN',
      '1.50',
      '',
      true,
      '2024-02-29',
      '2024-01-01 10:00:00.25',
      '2024-01-01 10:00:00+00',
      '01:02:03',
      '\\x00ff',
      '{"a": 1}',
      'ok',
    ],
    Array(13).fill(null),
  ]);
});

it('keeps every digit of numeric without a size, and makes a double of what no decimal holds', async () => {
  const { page } = await written(
    [
      ['n', 'numeric'],
      ['odd', 'numeric'],
      ['none', 'numeric'],
    ],
    [
      ['123456789012345678.123456789', 'NaN', null],
      ['-0.5', '1', null],
    ],
  );
  expect(page.rows).toEqual([
    ['123456789012345678.123456789', 'NaN', null],
    ['-0.500000000', 1, null],
  ]);
});

it('reads arrays as lists, quoting, nulls and nesting included', async () => {
  const { page } = await written(
    [
      ['n', 'integer[]'],
      ['t', 'text[]'],
    ],
    [
      ['{1,NULL,3}', '{"a b","c\\"d",NULL,"NULL",e}'],
      ['{}', null],
    ],
  );
  expect(page.rows).toEqual([
    ['[1,null,3]', '["a b","c\\"d",null,"NULL","e"]'],
    ['[]', null],
  ]);
});

it('takes values of JavaScript as well as texts', async () => {
  const { page } = await written(
    [
      ['a', 'integer'],
      ['b', 'boolean'],
      ['c', 'timestamp with time zone'],
      ['d', 'jsonb'],
    ],
    [[1, true, new Date('2024-01-01T00:00:00Z'), { x: 1 }]],
  );
  expect(page.rows).toEqual([[1, true, '2024-01-01 00:00:00+00', '{"x":1}']]);
});

it('writes a table without rows with its columns, and leaves nothing beside it', async () => {
  const { facts, page } = await written([
    ['a', 'integer'],
    ['b', 'numeric'],
  ]);
  expect(facts).toMatchObject({
    rows: 0,
    columns: [
      { name: 'a', type: 'int32' },
      { name: 'b', type: 'float64' },
    ],
  });
  expect(page).toMatchObject({ rows: [], rowCount: 0 });
  expect(readdirSync(folder)).toEqual(['written.parquet']);
  expect(existsSync(join(folder, 'written.parquet.spill'))).toBe(false);
});

it('keeps the order of many rows', async () => {
  const rows = Array.from({ length: 7_000 }, (_, at) => [String(at)]);
  const { facts, page } = await written([['n', 'bigint']], rows.slice(0, 3_000), rows.slice(3_000));
  expect(facts.rows).toBe(7_000);
  expect(page.rows.slice(0, 3)).toEqual([[0], [1], [2]]);
});
