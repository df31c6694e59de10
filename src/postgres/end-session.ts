import type { Client } from 'pg';
import type { ConnectionConfig } from '../model/connection-config.ts';
import { connectClient } from './connect.ts';

/**
 * Asks the server to end a session that nobody waits for any more; what it is at fails. To cancel its query would not do: the next one
 * would begin. Never throws: the session may be over by then.
 */
export const endSession = async (config: ConnectionConfig, client: Client): Promise<void> => {
  const { processID } = client as Client & { processID?: number | null };
  if (!processID) return;
  const other = await connectClient(config, { applicationName: 'wand cancel' }).catch(() => null);
  await other?.query('SELECT pg_terminate_backend($1)', [processID]).catch(() => {});
  await other?.end().catch(() => {});
};
