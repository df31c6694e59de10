import type pg from 'pg';
import type { ConnectionConfig } from '../model/connection-config.ts';
import { createPool } from '../postgres/connect.ts';

/** An open door to wand's state database. */
export type Store = {
  pool: pg.Pool;
  config: ConnectionConfig;
  /** Identity of this state database, for markers in data databases. */
  stateId(): Promise<string>;
  /** The same once it has been asked for; null before. */
  knownStateId(): string | null;
  /** Drops all connections, for when the network swallows what is sent: queries fail at once, the next ones connect anew. */
  breakConnections(): void;
  close(): Promise<void>;
};

/** Opens a pool on the state database; the schema is not looked at (see `migrate`). */
export const openStore = (config: ConnectionConfig, { max = 4, applicationName = 'wand' } = {}): Store => {
  const pool = createPool(config, { max, applicationName });
  // A pool without a listener ends the process when an idle connection breaks; the next query reports it anyway.
  pool.on('error', () => {});
  const clients = new Set<pg.PoolClient>();
  pool.on('connect', (client) => clients.add(client));
  pool.on('remove', (client) => clients.delete(client));
  let id: string | null = null;
  return {
    pool,
    config,
    stateId: async () => {
      id ??= (await pool.query<{ id: string }>('select id from wand.state')).rows[0]!.id;
      return id;
    },
    knownStateId: () => id,
    breakConnections: () => {
      for (const client of clients) dropConnection(client);
    },
    close: () => pool.end(),
  };
};

/** Ends a connection without a word to the server, which may not hear it. */
export const dropConnection = (client: pg.ClientBase): void => {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
};
