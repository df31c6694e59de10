import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionConfig } from '../../model/connection-config.ts';
import { quoteIdentifier } from '../identifiers.ts';
import type { EmbeddedServer } from './ensure.ts';

/** How to enter a database of the embedded server: through its socket, or by TCP if something cleaned the socket away. */
export const embeddedConfig = (server: EmbeddedServer, database: string): ConnectionConfig => ({
  ...embeddedTcpConfig(server, database),
  ...(existsSync(join(server.socketFolder, `.s.PGSQL.${server.port}`)) ? { host: server.socketFolder } : {}),
});

/** The same by TCP, for programs that want a host name: SQLAlchemy, DuckDB, a person's client. */
export const embeddedTcpConfig = (server: EmbeddedServer, database: string): ConnectionConfig => ({
  host: '127.0.0.1',
  port: server.port,
  user: server.user,
  password: server.password,
  database,
  origin: 'the embedded server',
});

/** Makes the database if there is none of that name. Several callers at once are fine. */
export const ensureDatabase = async (server: EmbeddedServer, name: string): Promise<void> => {
  const { connectClient } = await import('../connect.ts');
  const client = await connectClient(embeddedConfig(server, 'postgres'), { applicationName: 'wand db' });
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${quoteIdentifier(name)}`).catch(allowExisting);
  } finally {
    await client.end();
  }
};

/** 42P04: there by now; 23505: another caller's row in pg_database came first. */
const allowExisting = (error: { code?: string }): void => {
  if (error.code !== '42P04' && error.code !== '23505') throw error;
};
