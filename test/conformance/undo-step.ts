import { closeWarmConnections } from '../../src/blocks/sql/warm-connections.ts';
import type { ConnectionConfig } from '../../src/model/connection-config.ts';
import { connectClient } from '../../src/postgres/connect.ts';
import { quoteIdentifier } from '../../src/postgres/identifiers.ts';

export type SavedDatabase = {
  /** Puts the database back to what it was when it was saved. */
  restore(): Promise<void>;
  discard(): Promise<void>;
};

/**
 * Keeps a copy of a database. A step that fails in Mage, and so leaves nothing behind, may work in wand; it is undone, so that the
 * next step starts where Mage's did. A copy keeps the oids of its tables.
 */
export const saveDatabase = async (config: ConnectionConfig): Promise<SavedDatabase> => {
  const [name, copy] = [quoteIdentifier(config.database), quoteIdentifier(`${config.database}_saved`)];
  // A database is copied only while nobody is in it; the worker in this process keeps its connections for the next block.
  await closeWarmConnections();
  await onServer(config, [`create database ${copy} template ${name}`]);
  return {
    restore: () => onServer(config, [`drop database ${name} with (force)`, `alter database ${copy} rename to ${name}`]),
    discard: () => onServer(config, [`drop database ${copy} with (force)`]),
  };
};

const onServer = async (config: ConnectionConfig, statements: string[]): Promise<void> => {
  const client = await connectClient({ ...config, database: 'postgres' }, { applicationName: 'conformance' });
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
};
