import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { connectClient } from '../../../src/postgres/connect.ts';
import { embeddedConfig } from '../../../src/postgres/embedded/database.ts';
import { type EmbeddedServer, ensureEmbeddedServer } from '../../../src/postgres/embedded/ensure.ts';
import { keepServer } from '../../../src/postgres/embedded/marks.ts';
import { embeddedServerStatus } from '../../../src/postgres/embedded/status.ts';
import { stopEmbeddedServer, stopIfUnused } from '../../../src/postgres/embedded/stop.ts';
import { makeHome, removeHome } from '../../support/home.ts';

const home = makeHome();
let server: EmbeddedServer;
beforeAll(() => expect(embeddedServerStatus(home)).toMatchObject({ state: 'absent', pid: null }));
beforeEach(async () => {
  server = await ensureEmbeddedServer(home);
});
afterAll(() => removeHome(home));

test('stops, says whether it ran, and keeps its status', async () => {
  expect(embeddedServerStatus(home)).toMatchObject({
    state: 'running',
    pid: server.pid,
    port: server.port,
    kept: false,
  });
  expect(await stopEmbeddedServer(home)).toBe(true);
  expect(await stopEmbeddedServer(home)).toBe(false);
  expect(embeddedServerStatus(home)).toMatchObject({ state: 'stopped', pid: null, version: server.version });
});

test('stops unused', async () => {
  expect(await stopIfUnused(home)).toBe(true);
  expect(await stopIfUnused(home)).toBe(false);
});

test("does not stop under somebody's session", async () => {
  const client = await connectClient(embeddedConfig(server, 'postgres'), { applicationName: 'somebody' });
  expect(await stopIfUnused(home)).toBe(false);
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await client.end();
});

test('does not stop what is kept, until it is stopped by name', async () => {
  keepServer(home);
  expect(embeddedServerStatus(home).kept).toBe(true);
  expect(await stopIfUnused(home)).toBe(false);
  await stopEmbeddedServer(home);
  await ensureEmbeddedServer(home);
  expect(await stopIfUnused(home)).toBe(true);
});

test('a client that is idle when the server stops does not crash its process', async () => {
  const client = await connectClient(embeddedConfig(server, 'postgres'), { applicationName: 'somebody' });
  await stopEmbeddedServer(home);
  await expect(client.query('SELECT 1')).rejects.toThrow();
});
