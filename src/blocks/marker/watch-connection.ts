import type { Client } from 'pg';

const watchSettings = `SELECT name, pg_catalog.set_config(name, value, false) AS value
  FROM (VALUES ('tcp_keepalives_idle', '5'), ('tcp_keepalives_interval', '2'), ('tcp_keepalives_count', '2'),
               ('client_connection_check_interval', '1000')) AS wanted (name, value)
  WHERE pg_catalog.current_setting(name, true) IS NOT NULL`;

const names = /^(tcp_keepalives_(idle|interval|count)|client_connection_check_interval)$/;

/**
 * A server that computes or waits does not look at its socket: without this a killed worker's statement, and its locks,
 * live until it ends (14 and newer). Keepalives do the same for a worker whose host is lost. Where a setting is refused only the wait is longer.
 * Answers the statements that set the same again after a reset, without asking what there is (0.1 ms of the server for each block).
 */
export const watchConnection = async (client: Client): Promise<string[]> => {
  try {
    const { rows } = await client.query<{ name: string; value: string }>(watchSettings);
    return rows
      .filter(({ name, value }) => names.test(name) && /^\d+\w*$/.test(value))
      .map(({ name, value }) => `SET ${name} = '${value}'`);
  } catch {
    return [];
  }
};
