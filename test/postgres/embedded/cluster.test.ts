import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectClient } from '../../../src/postgres/connect.ts';
import { embeddedConfig, embeddedTcpConfig, ensureDatabase } from '../../../src/postgres/embedded/database.ts';
import { type EmbeddedServer, ensureEmbeddedServer } from '../../../src/postgres/embedded/ensure.ts';
import { makeHome, removeHome } from '../../support/home.ts';
import { linuxTest, rootTest } from '../../support/where.ts';

const home = makeHome();
let server: EmbeddedServer;
let client: pg.Client;
beforeAll(async () => {
  server = await ensureEmbeddedServer(home);
  client = await connectClient(embeddedConfig(server, 'postgres'), { applicationName: 'test' });
});
afterAll(async () => {
  await client?.end();
  await removeHome(home);
});

const setting = async (name: string) =>
  (await client.query(`SELECT current_setting('${name}') AS value`)).rows[0].value;
const mode = (path: string) => statSync(path).mode & 0o777;

test('the second call finds the server of the first', async () => {
  expect(await ensureEmbeddedServer(home)).toEqual(server);
});

test('it is entered by socket and by TCP, on this machine only', async () => {
  expect(embeddedConfig(server, 'postgres').host).toBe(server.socketFolder);
  const other = await connectClient(embeddedTcpConfig(server, 'postgres'), { applicationName: 'test' });
  await other.end();
  expect(await setting('listen_addresses')).toBe('127.0.0.1');
  expect(Buffer.byteLength(`${server.socketFolder}/.s.PGSQL.${server.port}`)).toBeLessThan(100);
});

test('a commit is durable', async () => {
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) expect(await setting(name)).toBe('on');
});

test('texts are UTF-8, times are UTC', async () => {
  expect(await setting('server_encoding')).toBe('UTF8');
  expect(await setting('TimeZone')).toBe('UTC');
  expect((await client.query("SELECT length('żółw 🐢') AS length")).rows[0].length).toBe(6);
});

test('nobody comes in without the password, by no way', async () => {
  const methods = (await client.query('SELECT DISTINCT auth_method FROM pg_hba_file_rules')).rows;
  expect(methods).toEqual([{ auth_method: 'scram-sha-256' }]);
  for (const config of [embeddedConfig(server, 'postgres'), embeddedTcpConfig(server, 'postgres')]) {
    await expect(connectClient({ ...config, password: 'wrong' }, { applicationName: 'test' })).rejects.toMatchObject({
      code: 'database-login',
      exitCode: 3,
    });
  }
});

test('its files are for their owner only', () => {
  expect(mode(join(home, 'pg'))).toBe(0o700);
  expect(mode(join(home, 'pg', 'server.json'))).toBe(0o600);
  expect(mode(join(home, 'pg', 'log'))).toBe(0o600);
  expect(mode(server.dataFolder)).toBe(0o700);
  expect(mode(server.socketFolder)).toBe(0o700);
});

linuxTest('the password is in no list of processes', () => {
  expect(readFileSync(`/proc/${server.pid}/cmdline`, 'utf8')).not.toContain(server.password);
  expect(readFileSync(`/proc/${server.pid}/environ`, 'utf8')).not.toContain(server.password);
});

rootTest('as root the server is another user, outside of the home', () => {
  expect(statSync(server.dataFolder).uid).not.toBe(0);
  expect(server.dataFolder).toMatch(/^\/var\/lib\/wand\//);
  expect(mode('/var/lib/wand')).toBe(0o711);
  expect(readFileSync(`/proc/${server.pid}/status`, 'utf8')).toMatch(
    new RegExp(`^Uid:\\t${statSync(server.dataFolder).uid}\\t`, 'm'),
  );
});

test('a database is made once, whatever its name and however many ask', async () => {
  const name = `with "quotes" and blanks`;
  await Promise.all(Array.from({ length: 5 }, () => ensureDatabase(server, name)));
  const other = await connectClient(embeddedConfig(server, name), { applicationName: 'test' });
  expect((await other.query('SELECT current_database() AS name')).rows).toEqual([{ name }]);
  await other.end();
});
