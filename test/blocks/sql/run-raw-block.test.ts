import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { errorOf, outputRows, type SqlWorkshop, sqlWorkshop } from './sql-block.ts';

let shop: SqlWorkshop;

beforeAll(async () => {
  shop = await sqlWorkshop();
});
afterAll(() => shop.close());
beforeEach(async () => {
  await shop.client.query(`
    DROP SCHEMA public CASCADE; CREATE SCHEMA public;
    CREATE TABLE fruit (id int PRIMARY KEY, name text, qty int);
    INSERT INTO fruit VALUES (1, 'apple', 5), (2, 'pear', 7), (3, 'fig', 0)`);
});

describe('a raw SQL block', () => {
  it.each([
    ['the last of several results', 'SELECT 1 AS a;\nSELECT 2 AS b, 3 AS c;', [[2, 3]]],
    ['a result after a write', 'DELETE FROM fruit WHERE qty = 0; SELECT id FROM fruit ORDER BY id', [[1], [2]]],
    ['what RETURNING gives', 'DELETE FROM fruit WHERE qty = 0 RETURNING id, name', [[3, 'fig']]],
    ['the table that was created', 'CREATE TABLE b (n int); INSERT INTO b VALUES (1), (2);', [[1], [2]]],
    ['a table made from a query', 'CREATE TABLE copied AS SELECT id FROM fruit ORDER BY id', [[1], [2], [3]]],
    ['a table made by SELECT INTO', 'SELECT id INTO copied FROM fruit WHERE id > 2', [[3]]],
    [
      'the table inserted into',
      "INSERT INTO fruit VALUES (4, 'plum', 2)",
      [
        [1, 'apple', 5],
        [2, 'pear', 7],
        [3, 'fig', 0],
        [4, 'plum', 2],
      ],
    ],
    [
      'the table updated',
      'UPDATE fruit SET qty = 1 WHERE id > 1',
      [
        [1, 'apple', 5],
        [2, 'pear', 1],
        [3, 'fig', 1],
      ],
    ],
    ['a temporary table', 'CREATE TEMP TABLE t1 (a int); INSERT INTO t1 VALUES (1); SELECT * FROM t1', [[1]]],
    ['a quoted table', 'CREATE TABLE "Mixed" ("A b" int); INSERT INTO "Mixed" ("A b") VALUES (1)', [[1]]],
    ['a literal with a semicolon', "CREATE TABLE n (t text); INSERT INTO n VALUES ('a; b\nc;')", [['a; b\nc;']]],
    [
      'a function and its call',
      'CREATE FUNCTION f(x int) RETURNS int AS $$ BEGIN RETURN x + 1; END; $$ LANGUAGE plpgsql; SELECT f(1) AS two',
      [[2]],
    ],
    ['a query full of comments', '-- first\nSELECT 1 AS a -- trailing\n/* block; comment */\n;\n-- last', [[1]]],
    ['two columns of one name', 'SELECT 1 AS a, 2 AS a', [[1, 2]]],
    ['no rows', 'SELECT id FROM fruit WHERE false', []],
  ])('gives %s as its output', async (_, sql, expected) => {
    const run = await shop.raw(sql);
    expect(await outputRows(run)).toEqual(expected);
    expect(run.result).toMatchObject({ rows: expected.length });
  });

  it.each([
    'DELETE FROM fruit WHERE qty = 0',
    'TRUNCATE fruit',
    'CREATE VIEW v AS SELECT 1',
    'DROP TABLE IF EXISTS nowhere',
    'SET work_mem = 1000',
    'CREATE TABLE x (n int); DROP TABLE x',
    'DO $$ BEGIN NULL; END $$',
    '-- nothing at all',
  ])('has no output for %s', async (sql) => {
    expect((await shop.raw(sql)).result).toMatchObject({ status: 'completed', outputs: [], rows: null });
  });

  it.each([0, 1, 1_999, 2_000, 2_001, 4_000, 5_500])('reads %i rows page by page', async (rows) => {
    const run = await shop.raw(`SELECT n FROM generate_series(1, ${rows}) AS n`);
    expect(run.result).toMatchObject({ status: 'completed', rows });
    expect((await outputRows(run)).at(-1)).toEqual(rows === 0 ? undefined : [rows]);
  });

  it('shows 1,000 rows of what it wrote, and other blocks can refer to the whole table', async () => {
    const { result } = await shop.raw('CREATE TABLE many AS SELECT n FROM generate_series(1, 1500) AS n');
    expect(result).toMatchObject({ rows: 1_000, outputs: [{ relation: { schema: 'public', table: 'many' } }] });
    const input = { block: 'load', blockType: 'data_loader', language: 'sql', outputs: result.outputs };
    expect(await outputRows(await shop.raw('SELECT count(*) AS n FROM {{ df_1 }}', { inputs: [input] }))).toEqual([
      [1500],
    ]);
  });

  it('stops reading at limit_in_pipeline_run, and can go on with the next statement', async () => {
    const configuration = { limit_in_pipeline_run: 2_500 };
    const run = await shop.raw('SELECT * FROM generate_series(1, 1000000); DELETE FROM fruit', { configuration });
    expect(run.result).toMatchObject({ status: 'completed', rows: 2_500 });
    expect((await shop.rows('SELECT count(*)::int AS n FROM fruit'))[0]!.n).toBe(0);
  });

  it('is one transaction: a failure undoes what came before, and names the line', async () => {
    const run = await shop.raw(
      'CREATE TABLE half (a int);\nINSERT INTO half VALUES (1);\nINSERT INTO missing\nVALUES (1);',
    );
    expect(errorOf(run)).toMatchObject({ type: '42P01 undefined_table', line: 3, file: run.file });
    expect((await shop.rows(`SELECT to_regclass('half') AS t`))[0]!.t).toBeNull();
  });

  it('takes a BEGIN and COMMIT around the script as its own transaction, with its marker', async () => {
    const run = await shop.raw("BEGIN;\nINSERT INTO fruit VALUES (5, 'kiwi', 1);\nCOMMIT;");
    expect(run.result).toMatchObject({ status: 'completed', rows: 4 });
    const { outputFolder } = run;
    const number = outputFolder.slice(outputFolder.lastIndexOf('-') + 1);
    expect(await shop.rows(`SELECT rows FROM wand_data.wand_commit WHERE run_id = '${number}'`)).toEqual([
      { rows: '4' },
    ]);
  });

  it('runs what refuses a transaction outside of one, and says that exactly-once is not given', async () => {
    const run = await shop.raw(
      "INSERT INTO fruit VALUES (5, 'kiwi', 1);\nVACUUM fruit;\nINSERT INTO fruit VALUES (6, 'lime', 1);",
    );
    expect(run.result).toMatchObject({ status: 'completed', rows: 5 });
    expect(run.log.join('\n')).toMatch(/warning: own-transactions: because of VACUUM \(line 2\)/);
  });

  it('keeps what an own COMMIT has committed when a later statement fails', async () => {
    const run = await shop.raw("INSERT INTO fruit VALUES (5, 'kiwi', 1); COMMIT; DELETE FROM fruit; SELECT 1 / 0");
    expect(errorOf(run).type).toBe('22012 division_by_zero');
    expect((await shop.rows('SELECT count(*)::int AS n FROM fruit'))[0]!.n).toBe(4);
  });

  it('sends the text as a whole with disable_query_preprocessing, and has no output', async () => {
    const configuration = { disable_query_preprocessing: true };
    const run = await shop.raw('CREATE TABLE np (a int); INSERT INTO np VALUES (1); INSERT INTO np VALUES (2);', {
      configuration,
    });
    expect(run.result).toMatchObject({ status: 'completed', outputs: [] });
    expect((await shop.rows('SELECT count(*)::int AS n FROM np'))[0]!.n).toBe(2);
  });

  it('refuses COPY FROM STDIN with line and way out', async () => {
    const error = errorOf(await shop.raw('SELECT 1;\n\nCOPY fruit FROM STDIN;'));
    expect(error).toMatchObject({ type: 'copy-from-stdin', line: 3 });
    expect(error.fix).toContain('{{ df_1 }}');
  });

  it('does nothing as a sensor, as in Mage', async () => {
    const { result } = await shop.raw('DELETE FROM fruit', { blockType: 'sensor' });
    expect(result).toMatchObject({ status: 'completed', outputs: [] });
    expect((await shop.rows('SELECT count(*)::int AS n FROM fruit'))[0]!.n).toBe(3);
  });

  it('logs what the server notes', async () => {
    const run = await shop.raw("DO $$ BEGIN RAISE NOTICE 'so far %', 7; RAISE WARNING 'careful'; END $$");
    expect(run.log).toContain('info: NOTICE: so far 7');
    expect(run.log).toContain('warning: WARNING: careful');
  });

  it('stores dates, times and bytes whatever style the database prints them in', async () => {
    const { database } = shop.config;
    await shop.client.query(
      `ALTER DATABASE ${database} SET datestyle = 'German'; ALTER DATABASE ${database} SET bytea_output = 'escape'`,
    );
    const run = await shop.raw(
      "SELECT '2024-01-02'::date AS d, '2024-01-02 03:04:05'::timestamp AS t, 'ab'::bytea AS b, array[1, NULL] AS a",
    );
    await shop.client.query(`ALTER DATABASE ${database} RESET ALL`);
    expect(await outputRows(run)).toEqual([['2024-01-02', '2024-01-02 03:04:05', '\\x6162', '[1,null]']]);
  });

  it('writes its marker also after it changed its role', async () => {
    await shop.client.query('DROP ROLE IF EXISTS other; CREATE ROLE other');
    expect((await shop.raw('SET ROLE other; SELECT current_user')).result.status).toBe('completed');
  });
});

describe('a block whose earlier attempt was lost', () => {
  it('takes over what that attempt had committed', async () => {
    const sql = "INSERT INTO fruit VALUES (9, 'kiwi', 1)";
    const first = await shop.raw(sql, { marker: { runId: 'lost' } });
    const second = await shop.raw(sql, { marker: { runId: 'lost', attempt: 2, lostAttempts: [1] } });
    expect(second.result).toEqual(first.result);
    expect(second.log.join('\n')).toContain('nothing is run again');
  });

  it('runs when that attempt had not committed', async () => {
    const run = await shop.raw("INSERT INTO fruit VALUES (9, 'kiwi', 1)", {
      marker: { runId: 'lost-2', attempt: 2, lostAttempts: [1] },
    });
    expect(run.result).toMatchObject({ status: 'completed', rows: 4 });
  });
});

describe('an error', () => {
  it('names line, detail and way out, through the Jinja', async () => {
    const sql = '{% if true %}\nSELECT 1;\n{% endif %}\n\nSELECT {{ many }},\n  nam FROM fruit';
    const run = await shop.raw(sql, { variables: { many: '1,\n2,\n3' } });
    expect(errorOf(run)).toMatchObject({ type: '42703 undefined_column', line: 6 });
    expect(errorOf(run).message).toContain('fruit.name');
    expect(errorOf(run).traceback).toMatch(/^LINE \d+: {3}nam FROM fruit\n {10}\^$/);
  });

  it('names tables like the one that is not there', async () => {
    expect(errorOf(await shop.raw('SELECT * FROM fruitt')).fix).toBe('Did you mean fruit?');
    await shop.client.query('CREATE SCHEMA IF NOT EXISTS s9; CREATE TABLE IF NOT EXISTS s9.orders (n int)');
    expect(errorOf(await shop.raw('SELECT * FROM orders')).fix).toBe('Did you mean s9.orders?');
  });

  it('has the detail of the server', async () => {
    const error = errorOf(await shop.raw("INSERT INTO fruit VALUES (1, 'x', 1)"));
    expect(error.type).toBe('23505 unique_violation');
    expect(error.message).toContain('DETAIL: Key (id)=(1) already exists.');
  });

  it('tells the row that the server names: a key, a row that breaks a constraint', async () => {
    const rowOf = async (sql: string) => errorOf(await shop.raw(sql)).row;
    expect(await rowOf("INSERT INTO fruit VALUES (1, 'x', 1)")).toEqual({
      input: null,
      number: null,
      values: [['id', '1']],
    });
    const table =
      'CREATE TABLE strict (a int NOT NULL, gone int, "b, c" text, CHECK (a > 0)); ALTER TABLE strict DROP COLUMN gone;';
    expect(await rowOf(`${table} INSERT INTO strict VALUES (5, 'fine'), (-1, null)`)).toMatchObject({
      values: [['row', '-1, null']],
    });
    await shop.client.query(table);
    expect(await rowOf('INSERT INTO strict VALUES (-1, null)')).toMatchObject({
      values: [
        ['a', '-1'],
        ['b, c', null],
      ],
    });
    expect(await rowOf("INSERT INTO strict VALUES (-1, 'x, y')")).toMatchObject({ values: [['row', '-1, x, y']] });
    expect(await rowOf('SELECT 1 / (id - id) FROM fruit')).toBeNull();
  });

  it('points at the statement when the server gives no place, after letters of four bytes too', async () => {
    expect(errorOf(await shop.raw("SELECT '😀';\n\n  SELECT 1 / (id - id) FROM fruit")).line).toBe(3);
    const error = errorOf(await shop.raw("SELECT '😀😀', nope"));
    expect(error.traceback).toBe(`LINE 1: SELECT '😀😀', nope\n${' '.repeat(23)}^`);
  });

  it('is the missing profile, and the missing file, by name', async () => {
    const error = errorOf(await shop.raw('SELECT 1', { configuration: { data_provider_profile: 'nope' } }));
    expect(error).toMatchObject({ type: 'profile-missing', message: 'no profile nope in the file' });
    const none = errorOf(await shop.raw('SELECT 1', { configuration: { data_provider_profile: null } }));
    expect(none.fix).toContain('io_config.yaml');
  });
});

describe('a result that cannot be stored', () => {
  it.each([0, 1, 10_000])('fails the block and undoes it, with %i rows', async (rows) => {
    const outputFolder = join(shop.folder, 'no', 'such', 'folder');
    const run = await shop.raw(`DELETE FROM fruit; SELECT n FROM generate_series(1, ${rows}) AS n`, { outputFolder });
    expect(errorOf(run).message).toMatch(/folder/);
    expect((await shop.rows('SELECT count(*)::int AS n FROM fruit'))[0]!.n).toBe(3);
  });
});

describe('a lost session', () => {
  it('fails the block, with the reason of the server', async () => {
    // One that has come up just now would be taken for one that was restarted under the block.
    const up = async () =>
      Number((await shop.rows('SELECT extract(epoch from now() - pg_postmaster_start_time()) AS s'))[0]!.s);
    await expect.poll(up).toBeGreaterThan(8);
    const run = await shop.raw('DELETE FROM fruit; SELECT pg_terminate_backend(pg_backend_pid())');
    expect(errorOf(run)).toMatchObject({ type: '57P01 admin_shutdown' });
    expect((await shop.rows('SELECT count(*)::int AS n FROM fruit'))[0]!.n).toBe(3);
  });

  it('fails the block in the middle of a result', async () => {
    const running = shop.raw('SELECT n AS lost_session FROM generate_series(1, 100000000) AS n');
    const active = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT n AS lost_session%' AND state = 'active' AND datname = current_database()`;
    while ((await shop.rows(active)).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await running).result.status).toBe('failed');
  });
});

describe('cancel', () => {
  it('ends a result that is being read', async () => {
    const controller = new AbortController();
    const running = shop.raw('SELECT n FROM generate_series(1, 100000000) AS n', { signal: controller.signal });
    setTimeout(() => controller.abort(), 300);
    expect(errorOf(await running).type).toBe('cancelled');
  });

  const sleeping =
    "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND datname = current_database() AND query LIKE '%pg_sleep(60%' AND pid <> pg_backend_pid()";

  it('ends the statement on the server, and undoes the block', async () => {
    const controller = new AbortController();
    const running = shop.raw('DELETE FROM fruit;\nSELECT pg_sleep(60)', { signal: controller.signal });
    while ((await shop.rows(sleeping)).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    controller.abort();
    expect(errorOf(await running)).toMatchObject({ type: 'cancelled' });
    expect(await shop.rows(sleeping)).toEqual([]);
    expect((await shop.rows('SELECT count(*)::int AS n FROM fruit'))[0]!.n).toBe(3);
  });

  it('does not start a block that is cancelled already, and says why', async () => {
    const run = await shop.raw('DELETE FROM fruit', { signal: AbortSignal.abort(new Error('timed out after 3 s')) });
    expect(errorOf(run)).toMatchObject({ type: 'cancelled', message: 'timed out after 3 s' });
  });
});
