import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportOutput, exportTable } from '../../src/data/export.ts';
import { previewOutput } from '../../src/data/preview.ts';
import type { ExportFormat } from '../../src/model/export.ts';
import { connectClient } from '../../src/postgres/connect.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { parquetOf, temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const rowsQuery = `SELECT * FROM (VALUES (1, 'plain', 1.5), (2, NULL, NULL), (3, '', 2.0), (4, 'a "q", it''s' || chr(10) || 'b' || chr(9) || 'c\\', 0.1)) t(n, name, amount)`;
const output = parquetOf(rowsQuery, join(folder, 'in.parquet'));
const choice = { sort: { column: 'n', descending: true }, where: 'n > 1', columns: ['name', 'n'] };
const file = (format: ExportFormat, name: string) => ({
  format,
  path: join(folder, name),
  overwrite: false,
  table: 's.t',
});

const expected: Record<Exclude<ExportFormat, 'parquet'>, string> = {
  csv: 'name,n\n"a ""q"", it\'s\nb\tc\\",4\n"",3\n,2\n',
  tsv: 'name\tn\na "q", it\'s\\nb\\tc\\\\\t4\n\t3\n\\N\t2\n',
  json: '[\n{"name": "a \\"q\\", it\'s\\nb\\tc\\\\", "n": 4},\n{"name": "", "n": 3},\n{"name": null, "n": 2}\n]\n',
  insert: `INSERT INTO "s"."t" ("name", "n") VALUES (E'a "q", it''s\nb\tc\\\\', 4);\nINSERT INTO "s"."t" ("name", "n") VALUES ('', 3);\nINSERT INTO "s"."t" ("name", "n") VALUES (NULL, 2);\n`,
};

it.each(Object.entries(expected))(
  'writes %s as the rows are shown: sorted, filtered, chosen columns',
  async (format, text) => {
    const target = file(format as ExportFormat, `out.${format}`);
    expect(await exportOutput(await output, choice, target)).toBe(3);
    expect(readFileSync(target.path, 'utf8')).toBe(text);
  },
);

it('writes the part asked for', async () => {
  const target = file('csv', 'part.csv');
  expect(await exportOutput(await output, { ...choice, limit: 1, offset: 1 }, target)).toBe(1);
  expect(readFileSync(target.path, 'utf8')).toBe('name,n\n"",3\n');
});

it('writes Parquet', async () => {
  const target = file('parquet', 'out.parquet');
  expect(await exportOutput(await output, choice, target)).toBe(3);
  const page = await previewOutput({ ...(await output), path: target.path }, { offset: 0, limit: 9 });
  expect(page.rows.map(([, n]) => n)).toEqual([4, 3, 2]);
});

it('never replaces a file unasked, and leaves no half of one', async () => {
  const path = join(folder, 'mine.csv');
  writeFileSync(path, 'mine');
  await expect(exportOutput(await output, {}, { ...file('csv', ''), path })).rejects.toMatchObject({
    code: 'file-exists',
  });
  expect(readFileSync(path, 'utf8')).toBe('mine');
  await exportOutput(await output, {}, { ...file('csv', ''), path, overwrite: true });
  expect(readFileSync(path, 'utf8')).toContain('plain');
  const broken = join(folder, 'broken.csv');
  await expect(
    exportOutput(await output, { where: 'nope = 1' }, { ...file('csv', ''), path: broken }),
  ).rejects.toMatchObject({ code: 'bad-condition' });
  await expect(
    exportOutput(await output, {}, { ...file('csv', ''), path: join(folder, 'no/such/x.csv') }),
  ).rejects.toMatchObject({ code: 'cannot-write' });
  expect(existsSync(broken)).toBe(false);
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

describe('of a table', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  it('writes what it writes of an output, and its INSERTs can be run', async () => {
    const client = await connectClient(database.config, { applicationName: 'test' });
    try {
      await client.query(
        `CREATE SCHEMA s; CREATE TABLE s.src AS SELECT n, name::text, amount::float8 FROM (${rowsQuery.replace("c\\'", "c' || chr(92)")}) x`,
      );
      const name = { schema: 's', table: 'src' };
      for (const [format, text] of Object.entries(expected)) {
        const target = file(format as ExportFormat, `table.${format}`);
        expect(await exportTable(client, name, choice, target), format).toBe(3);
        expect(readFileSync(target.path, 'utf8')).toBe(text);
      }
      await client.query(`CREATE TABLE s.t (n int, name text); ${expected.insert}`);
      const { rows } = await client.query(
        'SELECT count(*)::int AS n FROM (SELECT n, name FROM s.t INTERSECT SELECT n, name FROM s.src) x',
      );
      expect(rows[0].n).toBe(3);
      const target = file('parquet', 'table.parquet');
      expect(await exportTable(client, name, {}, target)).toBe(4);
      expect(
        (await previewOutput({ ...(await output), path: target.path }, { offset: 0, limit: 9 })).columns.map(
          ({ type }) => type,
        ),
      ).toEqual(['int32', 'text', 'float64']);
    } finally {
      await client.end();
    }
  });
});
