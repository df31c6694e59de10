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
  close(): Promise<void>;
};

/** Opens a pool on the state database; the schema is not looked at (see `migrate`). */
export const openStore = (config: ConnectionConfig, { max = 4, applicationName = 'wand' } = {}): Store => {
  const pool = createPool(config, { max, applicationName });
  // A pool without a listener ends the process when an idle connection breaks; the next query reports it anyway.
  pool.on('error', () => {});
  let id: string | null = null;
  return {
    pool,
    config,
    stateId: async () => {
      id ??= (await pool.query<{ id: string }>('select id from wand.state')).rows[0]!.id;
      return id;
    },
    knownStateId: () => id,
    close: () => pool.end(),
  };
};
