import { randomBytes } from 'node:crypto';
import type { ConnectionConfig } from '../../src/model/connection-config.ts';
import { connectClient } from '../../src/postgres/connect.ts';
import { embeddedTcpConfig, ensureDatabase } from '../../src/postgres/embedded/database.ts';
import { ensureEmbeddedServer } from '../../src/postgres/embedded/ensure.ts';

export type TestDatabase = { config: ConnectionConfig; drop(): Promise<void> };

/** A fresh, empty database on the server of this test run, whatever WAND_HOME the test has set for itself. */
export const testDatabase = async (): Promise<TestDatabase> => {
  const home = process.env.WAND_TEST_HOME;
  if (!home) throw new Error('test/support/server.ts is not the globalSetup of this run');
  const server = await ensureEmbeddedServer(home);
  const name = `test_${randomBytes(6).toString('hex')}`;
  await ensureDatabase(server, name);
  return {
    config: embeddedTcpConfig(server, name),
    drop: async () => {
      const client = await connectClient(embeddedTcpConfig(server, 'postgres'), { applicationName: 'test' });
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await client.end();
    },
  };
};

export const urlOf = ({ user, password, host, port, database }: ConnectionConfig): string =>
  `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
