import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { previewOutput } from '../../src/data/preview.ts';
import { writeSmallParquet } from '../../src/data/small-parquet.ts';
import { writeLargeTable } from '../../src/data/write-table.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();

const rowsOf = async (path: string) =>
  previewOutput(
    { name: 'output_0', kind: 'table', path, rows: null, columns: null, bytes: null },
    { offset: 0, limit: 3_000 },
  );

async function* batches(rows: (string | null)[][]): AsyncGenerator<unknown[][]> {
  yield rows;
}

const number = (least: number, most: number) => fc.integer({ min: least, max: most });
const two = (value: number): string => String(value).padStart(2, '0');
const day = fc
  .tuple(number(100, 9_999), number(1, 12), number(1, 28))
  .map(([year, month, date]) => `${String(year).padStart(4, '0')}-${two(month)}-${two(date)}`);
const time = fc
  .tuple(number(0, 23), number(0, 59), number(0, 59), number(0, 999_999))
  .map(([h, m, s, micros]) => `${two(h)}:${two(m)}:${two(s)}${micros ? `.${String(micros).padStart(6, '0')}` : ''}`);
const moment = fc.tuple(day, time).map((parts) => parts.join(' '));

/** Values as Postgres prints them, by type. */
const values: Record<string, fc.Arbitrary<string>> = {
  bigint: fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }).map(String),
  'double precision': fc.double().map((value) => (Object.is(value, -0) ? '-0' : String(value))),
  boolean: fc.constantFrom('t', 'f'),
  'numeric(12,3)': fc
    .tuple(number(-999_999_999, 999_999_999), number(0, 999))
    .map(([whole, rest]) => `${whole}.${String(rest).padStart(3, '0')}`),
  text: fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', '')),
  jsonb: fc.json(),
  uuid: fc.uuid(),
  date: day,
  'timestamp without time zone': moment,
  'timestamp with time zone': fc
    .tuple(moment, fc.constantFrom('+00', '-03', '+05:30', '+14'))
    .map((parts) => parts.join('')),
};

const table = fc.uniqueArray(fc.constantFrom(...Object.keys(values)), { minLength: 1 }).chain((types) =>
  fc.array(fc.tuple(...types.map((type) => fc.option(values[type]!, { freq: 4 }))), { maxLength: 40 }).map((rows) => ({
    columns: types.map((type) => ({ name: `a ${type}`, type })),
    rows: rows as (string | null)[][],
  })),
);

describe('a small Parquet file of our own', () => {
  it('holds what DuckDB would have written', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(table, async ({ columns, rows }) => {
        const own = join(folder, 'own.parquet');
        const duck = join(folder, 'duck.parquet');
        const facts = writeSmallParquet(own, columns, rows);
        const expected = await writeLargeTable(duck, columns, batches(rows));
        // A numeric column without a value is DuckDB's.
        if (facts === null) return;
        compared += 1;
        expect({ ...facts, bytes: 0 }).toEqual({ ...expected, bytes: 0 });
        expect(await rowsOf(own)).toEqual(await rowsOf(duck));
      }),
      { numRuns: 60 },
    );
    expect(compared).toBeGreaterThan(10);
  });

  it.each([
    ['an infinite date', 'date', 'infinity'],
    ['a year before our era', 'timestamp without time zone', '0044-03-15 00:00:00 BC'],
    ['a number of 30 digits', 'numeric', '123456789012345678901234567890'],
    ['numeric NaN', 'numeric', 'NaN'],
    ['bytes', 'bytea', '\\x00ff'],
    ['an array', 'bigint[]', '[1, 2]'],
    ['the largest bigint', 'bigint', '9223372036854775807'],
  ])('leaves %s to DuckDB', (_, type, value) => {
    const path = join(folder, 'left.parquet');
    expect(writeSmallParquet(path, [{ name: 'a', type }], [[value]])).toBeNull();
    expect(existsSync(path)).toBe(false);
  });

  it('holds two thousand rows, of which every third is null', async () => {
    const path = join(folder, 'many.parquet');
    const rows = Array.from({ length: 2_000 }, (_, at) => [at % 3 === 0 ? null : String(at)]);
    expect(writeSmallParquet(path, [{ name: 'n', type: 'bigint' }], rows)).toMatchObject({ rows: 2_000 });
    const page = await rowsOf(path);
    expect(page.rows.map(([value]) => value)).toEqual(rows.map(([value]) => (value === null ? null : Number(value))));
  });
});
