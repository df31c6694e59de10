import { afterEach, expect, test, vi } from 'vitest';
import { connectInBackground } from '../../src/tui/live-connection.ts';
import type { SourceEvent } from '../../src/tui/workbench-source.ts';
import { testDatabase, urlOf } from '../support/database.ts';
import { postgresProxy } from '../support/postgres-proxy.ts';

const cleaning: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

test('while it cannot listen it keeps the one pool it has, and says what is wrong', async () => {
  const database = await testDatabase();
  const proxy = await postgresProxy(database.config);
  cleaning.push(database.drop, proxy.close);
  vi.stubEnv('WAND_DATABASE_URL', urlOf({ ...database.config, port: proxy.port }));
  proxy.breakAt('listen ');
  const connection = connectInBackground({ startWorker: async () => {} });
  cleaning.push(connection.close);
  const events: SourceEvent['kind'][] = [];
  let fails = 0;
  connection.onChange(({ kind }) => {
    events.push(kind);
    if (kind === 'connection' && connection.state().database === 'down') fails += 1;
  });
  const first = await connection.client();
  await expect.poll(() => fails, { timeout: 30_000 }).toBeGreaterThan(1);
  expect(connection.state().message).not.toBeNull();
  // Whoever asks meanwhile gets the same pool, which works.
  expect(await connection.client()).toBe(first);
  await first.store.pool.query('select 1');
  proxy.breakAt(null);
  await expect.poll(() => events, { timeout: 30_000 }).toContain('resumed');
  expect(connection.state().database).toBe('up');
  const { rows } = await first.store.pool.query<{ count: number }>(
    "select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name = 'wand workbench'",
  );
  expect(rows[0]?.count).toBe(first.store.pool.totalCount);
});
