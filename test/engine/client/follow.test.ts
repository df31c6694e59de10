import { afterEach, expect, test } from 'vitest';
import { follow } from '../../../src/engine/client/follow.ts';
import { channels } from '../../../src/store/channels.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { testDatabase } from '../../support/database.ts';
import { postgresProxy } from '../../support/postgres-proxy.ts';

const cleaning: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

test('a connection that is lost again while it begins to listen is made once, and tells each change once', async () => {
  const database = await testDatabase();
  const proxy = await postgresProxy(database.config);
  const store = openStore({ ...database.config, port: proxy.port });
  const direct = openStore(database.config);
  cleaning.push(database.drop, proxy.close, direct.close, store.close);
  const heard: string[] = [];
  const states: boolean[] = [];
  const follower = await follow(
    store,
    [channels.run],
    ({ payload }) => heard.push(payload),
    ({ up }) => states.push(up),
  );
  cleaning.push(follower.close);
  proxy.breakAt('listen ');
  proxy.breakAll();
  // Several tries that end while LISTEN is sent.
  await expect.poll(() => states.filter((up) => !up).length, { timeout: 30_000 }).toBeGreaterThan(2);
  proxy.breakAt(null);
  await expect.poll(() => states.at(-1), { timeout: 30_000 }).toBe(true);
  // A second one would come within half a second, the pause between two tries.
  const seen = states.length;
  await direct.pool.query(`notify ${channels.run}, 'first'`);
  await expect.poll(() => heard, { timeout: 30_000 }).toContain('first');
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  await direct.pool.query(`notify ${channels.run}, 'last'`);
  await expect.poll(() => heard, { timeout: 30_000 }).toContain('last');
  expect(proxy.open()).toBe(1);
  expect(states.length).toBe(seen);
  expect(heard).toEqual(['first', 'last']);
});
