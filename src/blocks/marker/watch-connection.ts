import type { Client } from 'pg';

/**
 * A server that computes or waits does not look at its socket: without this a killed worker's statement, and its locks,
 * live until it ends (14 and newer). Keepalives do the same for a worker whose host is lost.
 */
export const watchSettings = `SELECT pg_catalog.set_config(name, value, false)
  FROM (VALUES ('tcp_keepalives_idle', '5'), ('tcp_keepalives_interval', '2'), ('tcp_keepalives_count', '2'),
               ('client_connection_check_interval', '1000')) AS wanted (name, value)
  WHERE pg_catalog.current_setting(name, true) IS NOT NULL`;

/** Where a setting is refused only the wait is longer. */
export const watchConnection = async (client: Client): Promise<void> => {
  await client.query(watchSettings).catch(() => undefined);
};
