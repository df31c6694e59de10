import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { previewOutput } from '../../src/data/preview.ts';
import { profileOutput, profileTable } from '../../src/data/profile.ts';
import { connectClient } from '../../src/postgres/connect.ts';
import { tablePage } from '../../src/postgres/table-page.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { parquetOf, temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const query = `SELECT i AS n, CASE WHEN i % 10 = 0 THEN NULL ELSE i % 3 END AS few,
  CASE WHEN i = 999 THEN 1e6 ELSE i / 100.0 END::DOUBLE AS skewed,
  TIMESTAMP '2021-01-01' + INTERVAL (i) MINUTE AS at, 'it''s ' || (i % 50) AS "odd ""name", [i] AS list
  FROM range(1000) t(i)`;
const output = parquetOf(query, join(folder, 'profile.parquet'));

const check = (profiles: Awaited<ReturnType<typeof profileOutput>>): void => {
  const [n, few, skewed, at, odd, list] = profiles;
  expect(n).toMatchObject({ rows: 1000, nulls: 0, distinct: 1000, min: '0', max: '999', mean: 499.5 });
  expect(few).toMatchObject({ nulls: 100, distinct: 3 });
  expect(few!.bars.map(({ label }) => label)).toEqual(['0', '1', '2']);
  expect(few!.bars.reduce((sum, { count }) => sum + count, 0)).toBe(900);
  // One outlier does not take all bars.
  expect(skewed!.bars.filter(({ count }) => count > 0).length).toBeGreaterThan(4);
  expect(skewed!.bars.reduce((sum, { count }) => sum + count, 0)).toBe(1000);
  expect(Number(skewed!.quantiles.find(({ p }) => p === 0.5)!.value)).toBeCloseTo(4.995, 2);
  expect(at!.bars.reduce((sum, { count }) => sum + count, 0)).toBe(1000);
  expect(at!.max).toBe('2021-01-01 16:39:00');
  expect(odd).toMatchObject({ distinct: 50, mean: null });
  expect(list!.bars).toEqual([]);
};

it('profiles numbers, times, texts and odd types of a file', async () => {
  check(await profileOutput(await output, {}));
});

it('a bar filters to just its rows', async () => {
  for (const profile of await profileOutput(await output, {})) {
    for (const { condition, count } of [...profile.bars, ...profile.top]) {
      const page = await previewOutput(await output, { offset: 0, limit: 0, where: condition });
      expect(page.rowCount, condition).toBe(count);
    }
  }
});

it('counts only what the condition leaves, and refuses what is no condition', async () => {
  const [n] = await profileOutput(await output, { columns: ['n'], where: 'n < 10' });
  expect(n).toMatchObject({ rows: 10, max: '9' });
  await expect(
    profileOutput(await output, { where: "n = (SELECT count(*) FROM read_csv('/etc/passwd'))" }),
  ).rejects.toThrow();
  await expect(profileOutput(await output, { columns: ['nope'] })).rejects.toMatchObject({ code: 'unknown-column' });
});

describe('in Postgres', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  it('says the same of the same rows, and its bars filter too', async () => {
    const client = await connectClient(database.config, { applicationName: 'test' });
    try {
      await client.query(`CREATE TABLE p AS SELECT i AS n, CASE WHEN i % 10 = 0 THEN NULL ELSE i % 3 END AS few,
        (CASE WHEN i = 999 THEN 1e6 ELSE i / 100.0 END)::float8 AS skewed,
        timestamp '2021-01-01' + i * interval '1 minute' AS at, 'it''s ' || (i % 50) AS "odd ""name", ARRAY[i] AS list
        FROM generate_series(0, 999) i`);
      const name = { schema: 'public', table: 'p' };
      const profiles = await profileTable(client, name, {});
      check(profiles);
      for (const { condition, count } of profiles.flatMap(({ bars, top }) => [...bars, ...top])) {
        const page = await tablePage(client, name, { offset: 0, limit: 0, where: condition });
        expect(page.rowCount, condition).toBe(count);
      }
    } finally {
      await client.end();
    }
  });

  it('looks at a sample of a big table when asked quickly', async () => {
    const client = await connectClient(database.config, { applicationName: 'test' });
    try {
      await client.query('CREATE TABLE big AS SELECT i AS n FROM generate_series(1, 300000) i; ANALYZE big');
      const [n] = await profileTable(client, { schema: 'public', table: 'big' }, { quick: true });
      expect(n!.sampled).toBe(true);
      expect(n!.rows).toBeLessThan(150_000);
      expect(n!.rows).toBeGreaterThan(10_000);
    } finally {
      await client.end();
    }
  });
});

it('keeps little of a huge value, and its condition still finds the rows', async () => {
  const output = await parquetOf(
    `SELECT CASE WHEN i < 6 THEN repeat('x', 1000000) ELSE 'short' END AS big FROM range(10) t(i)`,
    join(folder, 'huge.parquet'),
  );
  const [profile] = await profileOutput(output, {});
  expect(profile!.max!.length).toBe(400);
  const top = profile!.top[0]!;
  expect(String(top.value).length).toBe(400);
  const page = await previewOutput(output, { offset: 0, limit: 10, where: top.condition, cut: 5 });
  expect(page.rowCount).toBe(6);
  expect(page.rows[0]).toEqual(['xxxxx']);
});

it('a quick look at many rows takes a sample of those the condition leaves, and says so', async () => {
  const many = await parquetOf(
    `SELECT i AS n, CASE WHEN i % 4 = 0 THEN NULL ELSE i % 7 END AS few FROM range(200000) t(i)`,
    join(folder, 'many.parquet'),
  );
  const [n, few] = await profileOutput(many, { quick: true, where: 'n >= 100000' });
  expect(n).toMatchObject({ sampled: true, rows: 50_000 });
  expect(Number(n!.min)).toBeGreaterThanOrEqual(100_000);
  expect(few!.nulls / few!.rows).toBeCloseTo(0.25, 1);
  expect(few!.distinct).toBe(7);
  expect((await profileOutput(many, { where: 'n >= 100000' }))[0]).toMatchObject({ sampled: false, rows: 100_000 });
});
