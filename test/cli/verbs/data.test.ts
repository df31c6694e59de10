import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changesShape } from '../../../src/cli/shapes/changes.ts';
import {
  diffShape,
  exportShape,
  previewShape,
  profileShape,
  sqlShape,
  tablesShape,
} from '../../../src/cli/shapes/data.ts';
import { snapshotShape } from '../../../src/cli/shapes/run.ts';
import { type Surroundings, surroundings } from '../../support/program.ts';

describe('verbs that show data', () => {
  let place: Surroundings;
  const runIds: string[] = [];
  beforeAll(async () => {
    place = await surroundings();
    for (const date of ['2024-03-15', '2024-03-16']) {
      const { code, stdout, stderr } = await place.wand(['run', 'orders_daily', '--json', '--date', date]);
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
      runIds.push(snapshotShape.parse(JSON.parse(stdout)).run.id);
    }
    const client = new pg.Client({ connectionString: place.environment.WAND_TEST_DATA_URL });
    await client.connect();
    await client.query(`CREATE TABLE numbers (id int8 PRIMARY KEY, word text DEFAULT 'x', price numeric(12, 2));
      INSERT INTO numbers SELECT i, CASE WHEN i % 3 > 0 THEN 'w,' || i END, i / 4.0 FROM generate_series(1, 40) i;
      CREATE INDEX by_word ON numbers (word); ANALYZE numbers`);
    await client.end();
  });
  afterAll(() => place.close());

  const json = async (args: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await place.wand([...args, '--json']);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout);
  };

  test('sql answers rows with types, of the last of several statements', async () => {
    const answer = sqlShape.parse(
      await json(['sql', 'SELECT 1 AS one; SELECT id, price FROM numbers ORDER BY id LIMIT 2']),
    );
    expect(answer).toMatchObject({
      command: 'SELECT',
      columns: [
        { name: 'id', type: 'int64' },
        { name: 'price', type: expect.stringMatching(/^decimal/) },
      ],
      rows: [
        [1, '0.25'],
        [2, '0.50'],
      ],
      affected: 2,
      truncated: false,
      earlier: [{ rows: [[1]] }],
    });
  });

  test('sql changes nothing without --write, and says where a mistake is', async () => {
    const refused = await place.wand(['sql', 'DELETE FROM numbers WHERE id = 40', '--json']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(JSON.parse(refused.stderr).error).toMatchObject({
      code: 'sql-error',
      fix: expect.stringContaining('--write'),
    });
    const wrong = await place.wand(['sql', 'SELECT id,\n  nope FROM numbers']);
    expect(wrong.stderr).toContain('line 2, column 3');
    expect(sqlShape.parse(await json(['sql', '--write', 'UPDATE numbers SET id = id WHERE id > 38']))).toMatchObject({
      affected: 2,
      columns: [],
    });
    expect((await place.wand(['sql', 'SELECT 7 AS seven, NULL AS nothing'])).stdout).toMatch(
      /seven.*nothing[\s\S]*7 {2,}∅[\s\S]*1 row/,
    );
  });

  test('tables with columns and indexes', async () => {
    const { tables } = tablesShape.parse(await json(['tables', 'public']));
    expect(tables.every(({ schema }) => schema === 'public')).toBe(true);
    expect(tables.find(({ table }) => table === 'numbers')).toMatchObject({
      kind: 'table',
      row_estimate: 40,
      columns: [
        { name: 'id', type: 'int64', nullable: false },
        { name: 'word', type: 'text', nullable: true, default: "'x'::text" },
        { name: 'price' },
      ],
      indexes: [
        { name: 'numbers_pkey', unique: true, primary: true },
        { name: 'by_word', unique: false },
      ],
    });
  });

  test('profile of a table and of an output', async () => {
    const ofTable = profileShape.parse(await json(['profile', 'numbers', '--column', 'word', '--where', 'id <= 30']));
    expect(ofTable).toMatchObject({ table: 'numbers', columns: [{ name: 'word', rows: 30, nulls: 10, distinct: 20 }] });
    const ofOutput = profileShape.parse(await json(['profile', runIds[0]!, 'price_order_lines']));
    const page = previewShape.parse(await json(['preview', runIds[0]!, 'price_order_lines']));
    expect(ofOutput.columns.map(({ name }) => name)).toEqual(page.columns.map(({ name }) => name));
    expect(ofOutput.columns.every(({ rows }) => rows === page.row_count)).toBe(true);
    expect((await place.wand(['profile', 'numbers'])).stdout).toContain('40 rows');
  });

  test('preview writes files, and replaces none unasked', async () => {
    const file = join(place.root, 'numbers.csv');
    const args = ['preview', 'numbers', '--where', 'id > 35', '--sort', '-id', '--out', file];
    expect(exportShape.parse(await json(args))).toMatchObject({ file, format: 'csv', rows: 5 });
    expect(parse(readFileSync(file), { columns: true })[0]).toEqual({ id: '40', word: 'w,40', price: '10.00' });
    const again = await place.wand(args);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') });
    expect((await place.wand([...args, '--force'])).code).toBe(0);
    const parquet = join(place.root, 'lines.parquet');
    const lines = exportShape.parse(await json(['preview', runIds[0]!, 'price_order_lines', '--out', parquet]));
    const shown = previewShape.parse(await json(['preview', runIds[0]!, 'price_order_lines']));
    expect(lines.rows).toBe(shown.row_count);
    expect(statSync(parquet).size).toBeGreaterThan(100);
  });

  test('preview prints all rows in a format', async () => {
    const { stdout } = await place.wand(['preview', 'numbers', '--format', 'json']);
    expect(JSON.parse(stdout)).toHaveLength(40);
    const inserts = await place.wand([
      'preview',
      'numbers',
      '--format',
      'sql',
      '--limit',
      '2',
      '--sort',
      'id',
      '--table',
      'x.y',
    ]);
    expect(inserts.stdout).toBe(
      `INSERT INTO "x"."y" ("id", "word", "price") VALUES (1, 'w,1', 0.25);\nINSERT INTO "x"."y" ("id", "word", "price") VALUES (2, 'w,2', 0.50);\n`,
    );
    const unknown = join(place.root, 'x.docx');
    expect(await place.wand(['preview', 'numbers', '--out', unknown])).toMatchObject({ code: 2 });
    expect(existsSync(unknown)).toBe(false);
  });

  test('diff of two runs: blocks that differ and blocks that do not', async () => {
    const all = diffShape.parse(await json(['diff', ...runIds]));
    const lines = all.outputs.find(({ block }) => block === 'price_order_lines')!;
    expect(lines.diff).toMatchObject({ added: 0, removed: 0, changed: 0 });
    const { stdout } = await place.wand(['diff', ...runIds, 'price_order_lines']);
    expect(stdout).toContain('all rows are the same');
    expect(await place.wand(['diff', ...runIds, 'nope'])).toMatchObject({ code: 2 });
  });

  test('diff --code of two runs: what made them differ, as text and as JSON', async () => {
    const file = join(place.root, 'projects/shop/transformers/price_order_lines.ts');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `// one line more\n${text}`);
    const { code, stdout: answer } = await place.wand(['run', 'orders_daily', '--json', '--date', '2024-03-16']);
    writeFileSync(file, text);
    expect(code).toBe(0);
    const runs = [runIds[1]!, snapshotShape.parse(JSON.parse(answer)).run.id];
    const changes = changesShape.parse(await json(['diff', ...runs, '--code']));
    expect(changes).toMatchObject({ execution_date: null, variables: [], blocks: [] });
    expect(changes.files).toHaveLength(1);
    expect(changes.files![0]).toMatchObject({
      path: 'transformers/price_order_lines.ts',
      blocks: ['price_order_lines'],
      patch: expect.arrayContaining(['+// one line more']),
    });
    const { stdout } = await place.wand(['diff', ...runs, '--code']);
    expect(stdout).toContain('\n+++ transformers/price_order_lines.ts\n@@ -1,3 +1,4 @@\n+// one line more\n');
    expect((await place.wand(['diff', ...runs, 'load_orders', '--code'])).stdout).toContain('are the same');
    expect(changesShape.parse(await json(['diff', ...runIds, '--code'])).execution_date).not.toBeNull();
  });
});
