import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SqlWorkshop, sqlWorkshop } from './sql-block.ts';

let shop: SqlWorkshop;

beforeAll(async () => {
  shop = await sqlWorkshop();
});
afterAll(() => shop.close());

it('a block whose worker was killed inside a long statement is done once, without waiting for that statement', async () => {
  await shop.client.query('CREATE TABLE t (n int)');
  const script = join(import.meta.dirname, 'insert-slowly.ts');
  const child = spawn(process.execPath, [script, JSON.stringify(shop.config), shop.folder], { stdio: 'inherit' });
  const sleeping = `SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND datname = current_database() AND query LIKE 'SELECT pg_sleep(60)%'`;
  while ((await shop.rows(sleeping)).length === 0) {
    expect(child.exitCode).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  const run = await shop.raw('INSERT INTO t VALUES (1)', {
    marker: { runId: 'killed', attempt: 2, lostAttempts: [1] },
  });
  expect(run.result).toMatchObject({ status: 'completed', rows: 1 });
  expect(await shop.rows('SELECT count(*)::int AS n FROM t')).toEqual([{ n: 1 }]);
  expect(await shop.rows(sleeping)).toEqual([]);
});
