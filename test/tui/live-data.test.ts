import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTablePage } from '../../src/engine/client/read-page.ts';
import type { StoredOutput } from '../../src/model/output.ts';
import { connectClient } from '../../src/postgres/connect.ts';
import { sqlErrorPosition } from '../../src/postgres/sql-error-position.ts';
import type { DataDoor } from '../../src/tui/data-door.ts';
import { liveData } from '../../src/tui/live-data.ts';
import { parquetOf, temporaryFolder } from '../data/temporary.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const folder = temporaryFolder();
const project = join(folder, 'project');
let database: TestDatabase;
let door: DataDoor;

/** As the list of tables gives it. */
const table = { profile: 'dev', schema: 'public', table: 'zones', kind: 'table', rowEstimate: 0, bytes: 0 };
const relation: StoredOutput = {
  name: 'output_0',
  kind: 'relation',
  path: null,
  rows: null,
  columns: null,
  bytes: null,
  relation: table,
};

beforeAll(async () => {
  database = await testDatabase();
  const { host, port, user, password, database: name } = database.config;
  mkdirSync(project);
  writeFileSync(
    join(project, 'io_config.yaml'),
    ['default', 'dev']
      .map(
        (profile) =>
          `${profile}:\n  POSTGRES_DBNAME: ${name}\n  POSTGRES_HOST: ${JSON.stringify(host)}\n  POSTGRES_PORT: ${port}\n  POSTGRES_USER: ${user}\n  POSTGRES_PASSWORD: ${JSON.stringify(password ?? '')}\n`,
      )
      .join(''),
  );
  const outputs: Record<string, StoredOutput> = {
    11: await parquetOf('SELECT i AS id, i % 3 AS kind FROM range(100) t(i)', join(folder, '11.parquet')),
    12: await parquetOf('SELECT i AS id, i % 4 AS kind FROM range(1, 101) t(i)', join(folder, '12.parquet')),
    13: relation,
  };
  door = liveData(
    async (runId) => ({ projectPath: project, output: outputs[runId]! }),
    async () => [],
  );
  await door.runSql(
    project,
    'CREATE TABLE zones (id int8 PRIMARY KEY, borough text); INSERT INTO zones SELECT i, $$b$$ || i % 5 FROM generate_series(1, 300) i',
    {
      profile: null,
      write: true,
      signal: new AbortController().signal,
    },
  );
});
afterAll(() => database.drop());

const output = (runId: string) => ({ kind: 'output' as const, runId, block: 'clean', output: 'output_0' });
const onTable = { kind: 'table' as const, projectPath: project, table };

describe('the door to real data', () => {
  test('profiles outputs, tables, and outputs that are tables', async () => {
    expect(await door.profile(output('11'), 'kind', {})).toMatchObject({ rows: 100, distinct: 3 });
    expect(await door.profile(onTable, 'borough', { where: 'id <= 10' })).toMatchObject({ rows: 10, distinct: 5 });
    expect(await door.profile(output('13'), 'id', {})).toMatchObject({ rows: 300, max: '300' });
  });

  test.each([
    ['csv', output('11')],
    ['json', onTable],
    ['insert', output('13')],
    ['parquet', onTable],
  ] as const)('writes %s', async (format, source) => {
    const path = join(folder, `out.${format}`);
    const request = {
      columns: ['id'],
      format,
      path,
      replace: false,
      where: 'id > 97',
      sort: { column: 'id', descending: true },
    };
    const { rows } = await door.exportRows(source, request);
    expect(rows).toBe(source === onTable || format === 'insert' ? 203 : 2);
    if (format === 'csv') expect(readFileSync(path, 'utf8')).toBe('id\n99\n98\n');
    if (format === 'insert')
      expect(readFileSync(path, 'utf8')).toMatch(/^INSERT INTO "public"."zones" \("id"\) VALUES \(300\);/);
    await expect(door.exportRows(source, request)).rejects.toMatchObject({ code: 'file-exists' });
  });

  test('writes rows of the console', async () => {
    const path = join(folder, 'held.tsv');
    const rows = { kind: 'rows' as const, columns: [{ name: 'a', type: 'text' }], rows: [['x\ty'], [null]] };
    await door.exportRows(rows, { columns: ['a'], format: 'tsv', path, replace: false });
    expect(readFileSync(path, 'utf8')).toBe('a\nx\\ty\n\\N\n');
  });

  test('compares runs', async () => {
    expect(await door.diff(output('11'), output('12'), [])).toMatchObject({ key: ['id'], added: 1, removed: 1 });
  });

  test('asks the database read-only, says where a mistake is, and names the profiles', async () => {
    const ask = (sql: string) =>
      door.runSql(project, sql, { profile: 'dev', write: false, signal: new AbortController().signal });
    expect(await ask('SELECT count(*) AS n FROM zones')).toMatchObject({
      rows: [[300]],
      columns: [{ name: 'n', type: 'int64' }],
    });
    await expect(ask('DELETE FROM zones')).rejects.toMatchObject({ code: 'sql-error' });
    const error = await ask('SELECT nope FROM zones').catch((cause: unknown) => cause);
    expect(sqlErrorPosition(error, 'SELECT nope FROM zones')).toBe(7);
    const emoji = "SELECT '🚕', nope FROM zones";
    expect(sqlErrorPosition(await ask(emoji).catch((cause: unknown) => cause), emoji)).toBe(emoji.indexOf('nope'));
    expect(await door.profiles(project)).toEqual(['dev', 'default']);
    expect(await door.describeTable(project, table)).toMatchObject({
      columns: [{ name: 'id', nullable: false }, { name: 'borough' }],
      indexes: [{ primary: true }],
    });
  });

  test('what nobody waits for is stopped on the server too', async () => {
    const abort = new AbortController();
    const slow = door.runSql(project, 'SELECT pg_sleep(600)', { profile: 'dev', write: false, signal: abort.signal });
    const page = readTablePage(project, table, { offset: 0, limit: 5, where: 'pg_sleep(600) IS NULL' }, abort.signal);
    const outcome = Promise.allSettled([slow, page]);
    const client = await connectClient(database.config, { applicationName: 'test' });
    const sleeping = async (): Promise<number> =>
      (
        await client.query(
          `SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid() AND datname = current_database()`,
        )
      ).rowCount!;
    await expect.poll(sleeping).toBe(2);
    abort.abort();
    expect((await outcome).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect.poll(sleeping).toBe(0);
    await client.end();
  });
});
