import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { previewOutput } from '../../../src/data/preview.ts';
import type { CellValue, Column, Page } from '../../../src/model/output.ts';
import { connectClient } from '../../../src/postgres/connect.ts';
import { tablePage } from '../../../src/postgres/table-page.ts';
import { cellCondition, type Dialect } from '../../../src/tui/state/cell-condition.ts';
import { parquetOf, temporaryFolder } from '../../data/temporary.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

/** Whatever stands in a cell, the condition made from it must find its row again, and `not` all the others. */
const findsItsRow = async (dialect: Dialect, read: (where?: string) => Promise<Page>): Promise<void> => {
  const page = await read();
  for (const [place, column] of page.columns.entries()) {
    for (const row of page.rows) {
      const value = row[place] ?? null;
      const same = page.rows.filter((other) => other[place] === value).length;
      const where = cellCondition(column as Column, value as CellValue, dialect);
      expect((await read(where)).rowCount, where).toBe(same);
      const not = cellCondition(column as Column, value as CellValue, dialect, { not: true });
      expect((await read(not)).rowCount, not).toBe(page.rowCount - same);
    }
  }
};

const folder = temporaryFolder();

test('in outputs, of every type, NULL and odd texts too', async () => {
  const output = await parquetOf(
    `SELECT * FROM (VALUES
      (1::BIGINT, 1.5::DOUBLE, 1.10::DECIMAL(12, 2), true, 'it''s', TIMESTAMP '2021-01-01 00:00:01', DATE '2021-01-01', [1, 2], {'a': 1}, '\\x00'::BLOB),
      (9007199254740993, 'NaN'::DOUBLE, 2.00, false, 'a\\b "q" %', TIMESTAMP '2021-01-01 00:00:01.5', NULL, [], {'a': NULL}, NULL),
      (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
      (-3, 1e300, 0, NULL, '', NULL, DATE '0044-03-15', NULL, {'a': 2}, '\\xFF'::BLOB))
      t(big, number, money, "odd ""name""", word, "when", day, list, st, bytes)`,
    join(folder, 'odd.parquet'),
  );
  await findsItsRow('duckdb', (where) => previewOutput(output, { offset: 0, limit: 50, ...(where ? { where } : {}) }));
});

describe('in tables', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  test('of every type, NULL and odd texts too', async () => {
    const client = await connectClient(database.config, { applicationName: 'test' });
    await client.query(`CREATE TABLE odd (big int8, number float8, money numeric(12, 2), "odd ""name""" bool, word text,
        "when" timestamptz, day date, list int[], doc jsonb, bytes bytea, id uuid, span interval);
      INSERT INTO odd VALUES
        (1, 1.5, 1.10, true, 'it''s', '2021-01-01 00:00:01+00', '2021-01-01', '{1,2}', '{"a": 1}', '\\x00', '00000000-0000-0000-0000-000000000001', '1 day'),
        (9007199254740993, 'NaN', 2, false, E'a\\\\b "q" %', '2021-01-01 00:00:01.5+00', NULL, '{}', '[]', NULL, NULL, '2 mons'),
        (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
        (-3, 1e300, 0, NULL, '', NULL, '0044-03-15', NULL, '{"a": 2}', '\\xff', NULL, NULL)`);
    try {
      await findsItsRow('postgres', (where) =>
        tablePage(client, { schema: 'public', table: 'odd' }, { offset: 0, limit: 50, ...(where ? { where } : {}) }),
      );
    } finally {
      await client.end();
    }
  });
});

test('of a value that is cut only its beginning is compared', async () => {
  const output = await parquetOf(
    `SELECT repeat('a', 500) || i AS word FROM range(3) t(i) UNION ALL SELECT 'b'`,
    join(folder, 'long.parquet'),
  );
  const where = cellCondition({ name: 'word', type: 'text' }, 'a'.repeat(500), 'duckdb', { cut: 500 });
  expect((await previewOutput(output, { offset: 0, limit: 5, where })).rowCount).toBe(3);
});
