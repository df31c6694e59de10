import { readFileSync } from 'node:fs';
import type { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectClient } from '../../../src/postgres/connect.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { describePython, makeProject, type Ran, runBlock } from './run-block.ts';

const profile = ['DBNAME', 'SCHEMA', 'USER', 'PASSWORD', 'HOST', 'PORT']
  .map((key) => `  POSTGRES_${key}: "{{ env_var('POSTGRES_${key}') }}"`)
  .join('\n');
const ioConfig = `version: 0.1.1\ndefault:\n${profile}\ndev:\n${profile}\n  POSTGRES_CONNECT_TIMEOUT: 10\n`;

describePython('mage_ai.io.postgres', () => {
  let database: TestDatabase;
  let client: Client;
  const project = makeProject({ 'io_config.yaml': ioConfig });

  beforeAll(async () => {
    database = await testDatabase();
    client = await connectClient(database.config, { applicationName: 'test' });
  });
  afterAll(async () => {
    await client?.end();
    await database?.drop();
  });

  /** Runs statements in a block with an open `loader`. */
  const withLoader = (body: string, environment: Record<string, string> = {}): Promise<Ran> =>
    runBlock(
      `import datetime, decimal, json, uuid
import numpy as np
import pandas as pd
from os import path
from mage_ai.io.config import ConfigFileLoader
from mage_ai.io.postgres import Postgres
from mage_ai.settings.repo import get_repo_path

@data_exporter
def export(**kwargs):
    config = ConfigFileLoader(path.join(get_repo_path(), 'io_config.yaml'), 'dev')
    with Postgres.with_config(config) as loader:
${body.replace(/^/gm, '        ')}
`,
      { project, task: { blockType: 'data_exporter' }, context: { environment: { ...variables(), ...environment } } },
    );

  const variables = (): Record<string, string> => ({
    POSTGRES_DBNAME: database.config.database,
    POSTGRES_SCHEMA: 'public',
    POSTGRES_USER: database.config.user,
    POSTGRES_PASSWORD: database.config.password,
    POSTGRES_HOST: database.config.host,
    POSTGRES_PORT: String(database.config.port),
  });

  const completed = (ran: Ran): Ran => {
    if (ran.result.status === 'failed') throw new Error(ran.result.error.traceback ?? ran.result.error.message);
    return ran;
  };
  const failed = ({ result }: Ran) => {
    if (result.status !== 'failed') throw new Error('the block completed');
    return result.error;
  };
  const rowsOf = async (sql: string) => (await client.query({ text: sql, rowMode: 'array' })).rows as unknown[][];
  const columnsOf = async (table: string): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await rowsOf(
        `SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum > 0 ORDER BY attnum`,
      )) as [string, string][],
    );

  test('export cleans names, prefixes reserved ones, and makes the smallest types that fit', async () => {
    const ran = completed(
      await withLoader(`frame = pd.DataFrame({
    'VendorID': pd.Series([1, None], dtype='Int64'), 'Trip Distance': [1.5, None], 'order': [1, 40_000], '1st': [1, 5_000_000_000],
    'when': pd.to_datetime(['2024-01-01 10:00:00.123456', None]), 'zone': pd.to_datetime(['2024-01-01', '2024-01-02'], utc=True),
    'day': [datetime.date(2024, 1, 1), None], 'flag': [True, None], 'note': ['a,"b', ''], 'back': ['\\\\.', 'x\\ny'], 'bytes': [b'a\\x00', None],
    'tags': [['a', 'b "c'], None], 'numbers': [[1, 2], [70_000]], 'json': [{'a': 1}, None], 'uuid': [uuid.UUID(int=1), None],
    'exact': [decimal.Decimal('1.10'), None], 'delta': pd.to_timedelta(['1 days', None]), 'cat': pd.Series(['x', None], dtype='category'),
    'none': [None, None], 'big': pd.Series([1, 2**63], dtype='uint64'), 'mixed': [1, 'a']})
loader.export(frame, 'made', 'kinds', if_exists='replace', index=False)`),
    );
    expect(ran.result).toMatchObject({ rows: 2 });
    expect(await columnsOf('made.kinds')).toEqual({
      vendorid: 'smallint',
      trip_distance: 'double precision',
      _order: 'integer',
      letter_1st: 'bigint',
      _when: 'timestamp without time zone',
      _zone: 'timestamp with time zone',
      _day: 'date',
      flag: 'boolean',
      note: 'text',
      back: 'text',
      bytes: 'bytea',
      tags: 'text[]',
      numbers: 'integer[]',
      json: 'jsonb',
      uuid: 'uuid',
      exact: 'double precision',
      delta: 'bigint',
      cat: 'text',
      _none: 'text',
      big: 'numeric',
      mixed: 'text',
    });
    expect((await rowsOf('SELECT to_jsonb(k) FROM made.kinds k')).flat()).toMatchObject([
      {
        vendorid: 1,
        _order: 1,
        _when: '2024-01-01T10:00:00.123456',
        note: 'a,"b',
        back: '\\.',
        bytes: '\\x6100',
        tags: ['a', 'b "c'],
      },
      {
        vendorid: null,
        _order: 40_000,
        _when: null,
        note: null,
        back: 'x\ny',
        numbers: [70_000],
        big: 2 ** 63,
        mixed: 'a',
      },
    ]);
  });

  test('replace keeps the table and what hangs on it; drop_table_on_replace does not', async () => {
    await client.query(
      "CREATE TABLE kept (id bigint, note varchar(10)); INSERT INTO kept VALUES (1, 'old'); CREATE VIEW on_kept AS SELECT id FROM kept",
    );
    const oid = async () => (await rowsOf("SELECT 'kept'::regclass::oid::text"))[0]?.[0];
    const before = await oid();
    completed(await withLoader("loader.export(pd.DataFrame({'id': [7], 'note': ['new']}), 'public', 'kept')"));
    expect(await oid()).toBe(before);
    expect(await rowsOf('SELECT * FROM on_kept')).toEqual([['7']]);
    completed(
      await withLoader(
        "loader.export(pd.DataFrame({'id': [8]}), 'public', 'kept', drop_table_on_replace=True, cascade_on_drop=True)",
      ),
    );
    expect(await oid()).not.toBe(before);
    expect(await columnsOf('kept')).toEqual({ id: 'smallint' });
  });

  test('a failed export leaves the old rows', async () => {
    await client.query("CREATE TABLE narrow (note varchar(3)); INSERT INTO narrow VALUES ('old')");
    const error = failed(await withLoader("loader.export(pd.DataFrame({'note': ['too long']}), 'public', 'narrow')"));
    expect(error).toMatchObject({
      type: 'psycopg.errors.StringDataRightTruncation',
      message: expect.stringContaining('too long'),
    });
    expect(await rowsOf('SELECT * FROM narrow')).toEqual([['old']]);
  });

  test('append, fail, unique constraints and overwrite_types', async () => {
    completed(
      await withLoader(`frame = pd.DataFrame({'Id': [1, 2, 1], 'name': ['a', 'b', 'z']})
for _ in range(2):
    loader.export(frame, 'public', 'appended', if_exists='append', overwrite_types={'id': 'BIGINT'})
    loader.export(frame, 'public', 'updated', if_exists='append', unique_constraints=['Id'], unique_conflict_method='UPDATE')
    loader.export(frame, 'public', 'ignored', if_exists='append', unique_constraints=['Id'], unique_conflict_method='IGNORE')`),
    );
    expect(await rowsOf('SELECT count(*)::int, pg_typeof(min(id))::text FROM appended')).toEqual([[6, 'bigint']]);
    expect(await rowsOf('SELECT id, _name FROM updated ORDER BY 1')).toEqual([
      [1, 'z'],
      [2, 'b'],
    ]);
    expect(await rowsOf('SELECT id, _name FROM ignored ORDER BY 1')).toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
    const error = failed(
      await withLoader("loader.export(pd.DataFrame({'id': [1]}), 'public', 'appended', if_exists='fail')"),
    );
    expect(error).toMatchObject({ type: 'ValueError', message: expect.stringContaining('public.appended') });
  });

  test('load gives a DataFrame, execute needs a commit, and a percent sign is no parameter', async () => {
    const ran = completed(
      await withLoader(`loader.execute('CREATE TABLE executed (a int)')
loader.execute('INSERT INTO executed VALUES (%(v)s)', v=5)
loader.commit()
loader.execute('CREATE TABLE lost (a int)')
frame = loader.load("SELECT a, 'x' LIKE '%x%' AS yes, 1.5::numeric AS n FROM executed;", limit=1)
return [{'rows': frame.to_dict('records'), 'types': [str(t) for t in frame.dtypes]}, loader.table_exists('public', 'executed')]`),
    );
    expect(JSON.parse(readFileSync(ran.result.outputs[0]?.path ?? '', 'utf8'))).toEqual({
      rows: [{ a: 5, yes: true, n: 1.5 }],
      types: ['int64', 'bool', 'float64'],
    });
    expect(JSON.parse(readFileSync(ran.result.outputs[1]?.path ?? '', 'utf8'))).toBe(true);
    expect(await rowsOf("SELECT to_regclass('lost')")).toEqual([[null]]);
  });

  test('many rows arrive as they are, whatever the piece they travel in', async () => {
    completed(
      await withLoader(`n = 120_001
frame = pd.DataFrame({'n': np.arange(n), 'half': np.arange(n) / 2, 'word': pd.Series([f'w{i}' if i % 3 else None for i in range(n)])})
loader.export(frame, 'public', 'many')`),
    );
    expect(
      await rowsOf('SELECT count(*)::int, sum(n)::text, sum(half), count(word)::int, count(DISTINCT n)::int FROM many'),
    ).toEqual([[120_001, '7200060000', 3600030000, 80_000, 120_001]]);
  });

  test('a failed connection tells host, port, user and the cause, never the password', async () => {
    const error = failed(
      await withLoader("loader.load('SELECT 1')", { POSTGRES_PORT: '1', POSTGRES_PASSWORD: 'very-secret' }),
    );
    expect(error).toMatchObject({ type: 'ConnectionError', fix: expect.any(String) });
    expect(error.message).toContain(`${database.config.host}:1 as ${database.config.user}`);
    expect(error.message).toMatch(/refused/i);
    expect(JSON.stringify(error)).not.toContain('very-secret');
  });

  test('an unset variable is named, and a missing profile lists those there are', async () => {
    const noHost = failed(await withLoader('pass', { POSTGRES_HOST: '' }));
    expect(noHost.fix).toContain('POSTGRES_HOST');
    const ran = await runBlock(
      "from mage_ai.io.config import ConfigFileLoader\n@data_loader\ndef f():\n    ConfigFileLoader(profile='prod')\n",
      { project, context: { environment: variables() } },
    );
    expect(failed(ran)).toMatchObject({ type: 'KeyError', message: expect.stringContaining('default, dev') });
  });
});
