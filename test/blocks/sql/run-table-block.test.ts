import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BlockInput } from '../../../src/model/block-task.ts';
import type { StoredOutput } from '../../../src/model/output.ts';
import { testDatabase } from '../../support/database.ts';
import { errorOf, outputRows, type SqlWorkshop, sqlWorkshop } from './sql-block.ts';

let shop: SqlWorkshop;

beforeAll(async () => {
  shop = await sqlWorkshop();
});
afterAll(() => shop.close());
beforeEach(async () => {
  await shop.client.query(
    'DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA IF EXISTS fresh, sales CASCADE',
  );
});

const jsonInput = (block: string, value: unknown): BlockInput => {
  const path = join(shop.folder, `${block}-${Math.random()}.json`);
  writeFileSync(path, JSON.stringify(value));
  const output: StoredOutput = { name: 'output_0', kind: 'json', path, rows: null, columns: null, bytes: null };
  return { block, blockType: 'data_loader', language: 'python', outputs: [output] };
};
const count = async (table: string): Promise<number> =>
  Number((await shop.rows(`SELECT count(*) AS n FROM ${table}`))[0]!.n);
const oid = async (table: string): Promise<unknown> =>
  (await shop.rows(`SELECT '${table}'::regclass::oid AS oid`))[0]!.oid;

describe('a SQL block that makes a table', () => {
  it('creates it as <pipeline>_<block>_v1 and answers the relation, with its rows as a file', async () => {
    const run = await shop.run(
      '-- all of it\nSELECT 1 AS a, \'x\'::text AS "Mixed Case" UNION SELECT 2, NULL ORDER BY 1;\n',
    );
    expect(run.result).toMatchObject({
      status: 'completed',
      rows: 2,
      outputs: [{ kind: 'table', rows: 2, relation: { profile: 'default', schema: 'public', table: 'pipe_load_v1' } }],
    });
    expect(await outputRows(run)).toEqual([
      [1, 'x'],
      [2, null],
    ]);
    expect(await shop.rows('SELECT * FROM pipe_load_v1')).toEqual([
      { a: 1, 'Mixed Case': 'x' },
      { a: 2, 'Mixed Case': null },
    ]);
    expect(run.log.join('\n')).toMatch(/info: made table public\.pipe_load_v1 \(2 rows, /);
  });

  it('appends by default, and counts what the table then holds', async () => {
    await shop.run('SELECT 1 AS a');
    const before = await oid('pipe_load_v1');
    const run = await shop.run('SELECT 2 AS other_name');
    expect(run.result).toMatchObject({ rows: 2 });
    expect(await oid('pipe_load_v1')).toBe(before);
    expect(run.log.join('\n')).toContain('appended to table public.pipe_load_v1 (1 row');
  });

  it('replaces by dropping the table', async () => {
    const configuration = { export_write_policy: 'replace' };
    await shop.run('SELECT 1 AS a', { configuration });
    const before = await oid('pipe_load_v1');
    expect((await shop.run("SELECT 'x' AS b", { configuration })).result).toMatchObject({ rows: 1 });
    expect(await oid('pipe_load_v1')).not.toBe(before);
    expect(await shop.rows('SELECT * FROM pipe_load_v1')).toEqual([{ b: 'x' }]);
  });

  it('fails if it is there and the policy is fail', async () => {
    const configuration = { export_write_policy: 'fail' };
    await shop.run('SELECT 1 AS a', { configuration });
    expect(errorOf(await shop.run('SELECT 1 AS a', { configuration }))).toMatchObject({
      type: 'table-exists',
      message: 'table public.pipe_load_v1 already exists in the database',
    });
  });

  it('refuses a policy that does not exist, and a provider that is not postgres', async () => {
    const policy = { configuration: { export_write_policy: 'upsert' } };
    expect(errorOf(await shop.run('SELECT 1 AS a', policy)).message).toContain('"upsert"');
    const provider = { configuration: { data_provider: 'duckdb' } };
    expect(errorOf(await shop.run('SELECT 1 AS a', provider))).toMatchObject({ type: 'unsupported-provider' });
  });

  it('takes table and schema of the configuration, folded as Mage leaves them unquoted, and makes the schema', async () => {
    const configuration = { data_provider_schema: 'Fresh', data_provider_table: 'My_Table' };
    const run = await shop.run('SELECT 1 AS a', { configuration });
    expect(run.result.outputs[0]?.relation).toEqual({ profile: 'default', schema: 'fresh', table: 'my_table' });
    expect(await count('fresh.my_table')).toBe(1);
  });

  it('keeps at most limit_in_pipeline_run rows as its output, while the table has them all', async () => {
    const run = await shop.run('SELECT * FROM generate_series(1, 3) AS id', {
      configuration: { limit_in_pipeline_run: 2 },
    });
    expect(run.result).toMatchObject({ rows: 2, outputs: [{ kind: 'table', rows: 2 }] });
    expect(await count('pipe_load_v1')).toBe(3);
  });

  it('stores no file of a big table', async () => {
    const run = await shop.run('SELECT n, n::text AS t FROM generate_series(1, 10001) AS n');
    expect(run.result.outputs).toEqual([
      {
        name: 'output_0',
        kind: 'relation',
        path: null,
        rows: 10_001,
        columns: [
          { name: 'n', type: 'int32' },
          { name: 't', type: 'text' },
        ],
        bytes: null,
        relation: { profile: 'default', schema: 'public', table: 'pipe_load_v1' },
      },
    ]);
  });

  it('runs a second statement too, and says that its result is not kept', async () => {
    const run = await shop.run('SELECT 1 AS a;\nCREATE TABLE side (n int)');
    expect(await shop.rows('SELECT * FROM pipe_load_v1')).toEqual([{ a: 1 }]);
    expect(await count('side')).toBe(0);
    expect(run.log.join('\n')).toMatch(/warning: several-statements: .*from line 2/);
  });

  it('leaves nothing of a block that fails half way', async () => {
    const run = await shop.run('SELECT 1 AS a;\nSELECT 1 / 0');
    expect(errorOf(run)).toMatchObject({ type: '22012 division_by_zero', line: 2 });
    expect((await shop.rows(`SELECT to_regclass('pipe_load_v1') AS t`))[0]!.t).toBeNull();
  });

  it('lets many blocks create one schema and one table at once', async () => {
    const configuration = { data_provider_schema: 'fresh', data_provider_table: 'shared' };
    const runs = await Promise.all(
      Array.from({ length: 6 }, (_, index) => shop.run('SELECT 1 AS a', { block: `b${index}`, configuration })),
    );
    expect(runs.map(({ result }) => result.status)).toEqual(runs.map(() => 'completed'));
    expect(await count('fresh.shared')).toBe(6);
  });
});

describe('block_output', () => {
  it('is the text of a block’s output, as Python writes it', async () => {
    const inputs = [jsonInput('low', 2), jsonInput('names', ['a', null, { b: true }])];
    const sql = `SELECT {{ block_output('low') }} AS low, $q${'$'}{{ block_output("names") }}$q$ AS names`;
    expect(await outputRows(await shop.run(sql, { inputs }))).toEqual([[2, "['a', None, {'b': True}]"]]);
  });

  it('names the upstream blocks there are when it asks for another', async () => {
    const run = await shop.run("SELECT\n{{ block_output('nope') }}", { inputs: [jsonInput('low', 2)] });
    expect(errorOf(run)).toMatchObject({ type: 'block-output', line: 2, fix: 'Its upstream blocks are low.' });
  });
});

describe('{{ df_N }}', () => {
  it('refers to the table of a SQL block in the same database', async () => {
    const first = await shop.run('SELECT 7 AS n', { block: 'first' });
    const input = { block: 'first', blockType: 'data_loader', language: 'sql', outputs: first.result.outputs };
    const run = await shop.run('SELECT n + 1 AS m FROM {{ df_1 }}', { block: 'second', inputs: [input] });
    expect(await outputRows(run)).toEqual([[8]]);
    expect(run.log.join('\n')).not.toContain('uploaded');
  });

  it('uploads the table of a SQL block that works in another database', async () => {
    const other = await testDatabase();
    try {
      const profiles = { elsewhere: other.config };
      const configuration = { data_provider_profile: 'elsewhere' };
      const first = await shop.run('SELECT n FROM generate_series(1, 10001) AS n', {
        block: 'far',
        configuration,
        profiles,
      });
      const input = { block: 'far', blockType: 'data_loader', language: 'sql', outputs: first.result.outputs };
      const run = await shop.run('SELECT count(*) AS c FROM {{ df_1 }}', { block: 'near', inputs: [input], profiles });
      expect(await outputRows(run)).toEqual([[10_001]]);
      expect(run.log.join('\n')).toMatch(/uploaded far to public\.pipe_far_v1 \(10001 rows/);
    } finally {
      await other.drop();
    }
  });

  it('uploads a list of dicts, with cleaned names and the smallest types', async () => {
    const rows = [
      { Id: 1, 'Item Name': 'pen', order: true },
      { Id: 40_000, 'Item Name': 'book', order: false },
    ];
    const run = await shop.run('SELECT * FROM {{ df_1 }} WHERE id > 1', {
      block: 'second',
      inputs: [jsonInput('items', rows)],
    });
    expect(run.result).toMatchObject({ status: 'completed', rows: 1 });
    expect(
      await shop.rows(
        `SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'pipe_items_v1'::regclass AND attnum > 0`,
      ),
    ).toEqual([
      { attname: 'id', type: 'integer' },
      { attname: 'item_name', type: 'text' },
      { attname: '_order', type: 'boolean' },
    ]);
    expect(run.log.join('\n')).toMatch(/info: uploaded items to public\.pipe_items_v1 \(2 rows, /);
  });

  it.each([
    ['a list of numbers', [1, 2.5], { _value: 'double precision' }],
    ['a dict, as one row', { city: 'Rome', day: '2024-01-01' }, { city: 'text', _day: 'text' }],
    ['texts that look like dates, as text', [{ born: '2024-01-01' }], { born: 'text' }],
    ['dicts in dicts, as jsonb', [{ born: { y: 1 } }], { born: 'jsonb' }],
  ])('uploads %s', async (_, value, expected) => {
    const run = await shop.run('SELECT count(*) AS c FROM {{ df_1 }}', { inputs: [jsonInput('items', value)] });
    expect(run.result.status).toBe('completed');
    const columns = await shop.rows(
      `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'pipe_items_v1'::regclass AND attnum > 0`,
    );
    expect(Object.fromEntries(columns.map(({ name, type }) => [name, type]))).toEqual(expected);
  });

  it('refuses a single value, and names the way to a value', async () => {
    const error = errorOf(await shop.run('SELECT * FROM {{ df_1 }}', { inputs: [jsonInput('items', 7)] }));
    expect(error).toMatchObject({ type: 'not-a-table' });
    expect(error.fix).toContain("block_output('items')");
  });

  it('uploads to the table that upstream_block_configuration names', async () => {
    const configuration = { upstream_block_configuration: { items: { table_name: 'sales.uploaded' } } };
    await shop.run('SELECT * FROM {{ df_1 }}', { configuration, inputs: [jsonInput('items', [{ city: 1 }])] });
    expect(await shop.rows('SELECT * FROM sales.uploaded')).toEqual([{ city: 1 }]);
  });

  it('uploads nothing that the text does not mention, nor an output without data', async () => {
    const quiet = await shop.run('SELECT 1 AS a', { inputs: [jsonInput('items', [{ city: 1 }])] });
    expect(quiet.result.status).toBe('completed');
    const none = await shop.run('SELECT * FROM {{ df_1 }}', { inputs: [jsonInput('nothing', [])] });
    expect(errorOf(none)).toMatchObject({ type: '42P01 undefined_table' });
    expect(none.log.join('\n')).toContain('No data in upstream block nothing');
    expect(await shop.rows(`SELECT to_regclass('pipe_items_v1') AS t`)).toEqual([{ t: null }]);
  });

  it('two blocks upload the same upstreams at once', async () => {
    const inputs = [jsonInput('one', [{ city: 1 }]), jsonInput('two', [{ city: 2 }])];
    const runs = await Promise.all(
      ['x', 'y', 'z'].map((block, index) =>
        shop.run('SELECT city FROM {{ df_1 }} UNION SELECT city FROM {{ df_2 }}', {
          block,
          inputs: index === 1 ? inputs.toReversed() : inputs,
        }),
      ),
    );
    expect(runs.map(({ result }) => result)).toMatchObject(runs.map(() => ({ status: 'completed', rows: 2 })));
  });

  it('puts the query of a raw SQL block in its place, with its `;` left out and an alias unless one follows', async () => {
    const source = await shop.raw('SELECT 3 AS n;', { block: 'raw_one' });
    const input: BlockInput = {
      block: 'raw_one',
      blockType: 'data_loader',
      language: 'sql',
      outputs: source.result.outputs,
      configuration: { data_provider: 'postgres', data_provider_profile: 'default', use_raw_sql: true },
      file: source.file,
    };
    const run = await shop.raw(
      'SELECT a.n, b.n, pipe_raw_one_v1.n FROM {{ df_1 }} AS a, {{ df_1 }} b, {{ df_1 }}\nWHERE true',
      {
        inputs: [input],
      },
    );
    expect(await outputRows(run)).toEqual([[3, 3, 3]]);
  });
});
