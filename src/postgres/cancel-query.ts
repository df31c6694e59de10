import type { Client } from 'pg';
import type { ConnectionConfig } from '../model/connection-config.ts';
import { connectClient } from './connect.ts';

/** Asks the server to stop what a connection is at; its query then fails. Never throws: the query may be done by then. */
export const cancelQuery = async (config: ConnectionConfig, client: Client): Promise<void> => {
  const { processID } = client as Client & { processID?: number | null };
  if (!processID) return;
  const other = await connectClient(config, { applicationName: 'wand cancel' }).catch(() => null);
  await other?.query('SELECT pg_cancel_backend($1)', [processID]).catch(() => {});
  await other?.end().catch(() => {});
};
