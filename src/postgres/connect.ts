import pg from 'pg';
import type { ConnectionConfig } from '../model/connection-config.ts';
import { connectionError, isStartingOrStopping } from './connection-error.ts';
import { sslAttempts } from './ssl.ts';

export { databaseUrl, parseDatabaseUrl } from './database-url.ts';

/** Seconds; a host that swallows packets is reported after this long. */
const defaultConnectTimeout = 10;
/** How long a server that starts up or shuts down is waited for (decisions.md 3). */
const startingPatienceMs = 5_000;

/**
 * Connects, or throws a WandError (exit code 3) that names place, origin and way out: `database-refused`, `database-host-unknown`,
 * `database-login`, `database-missing`, `database-timeout`, `database-unreachable`. A server that is starting up or shutting down is
 * tried again for 5 s. Losing the server later rejects the running query; it does not crash the process. A pipelined one sends each
 * question at once, which cursors do not bear.
 */
export const connectClient = async (
  config: ConnectionConfig,
  { applicationName, pipelined = false }: { applicationName: string; pipelined?: boolean },
): Promise<pg.Client> => {
  const deadline = Date.now() + startingPatienceMs;
  for (;;) {
    try {
      return await connectOnce(config, applicationName, pipelined);
    } catch (error) {
      if (!isStartingOrStopping(error) || Date.now() > deadline) throw connectionError(error, config);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
};

/**
 * A pool whose failures to connect are the same WandErrors. Sessions lost while idle leave the pool silently.
 * Unlike connectClient it does not try again, nor find out by itself whether the server wants TLS: give `sslMode` for that.
 */
export const createPool = (
  config: ConnectionConfig,
  { max, applicationName }: { max: number; applicationName: string },
): pg.Pool => {
  const [ssl] = sslAttempts({ ...config, sslMode: config.sslMode ?? 'disable' });
  const pool = new pg.Pool({
    ...clientOptions(config, applicationName, ssl ?? false),
    max,
    Client: translatingClient(config),
  });
  pool.on('error', () => {});
  // A connection that somebody has taken has no listener of the pool: without one its loss, between two queries, would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
};

/** Whether what is asked before an answer has come goes to the server at once. */
export const isPipelined = (client: pg.ClientBase): boolean => (client as { pipeline?: boolean }).pipeline === true;

const connectOnce = async (
  config: ConnectionConfig,
  applicationName: string,
  pipelined: boolean,
): Promise<pg.Client> => {
  const attempts = sslAttempts(config);
  for (const [index, ssl] of attempts.entries()) {
    const options = { ...clientOptions(config, applicationName, ssl), pipeline: pipelined };
    const client = new pg.Client(options);
    // Without a listener the loss of an idle session would end the process.
    client.on('error', () => {});
    try {
      await client.connect();
      return client;
    } catch (error) {
      client.end().catch(() => {});
      if (index === attempts.length - 1 || !/does not support SSL|no encryption/.test(String(error))) throw error;
    }
  }
  throw new Error('no way to connect was tried');
};

const clientOptions = (
  config: ConnectionConfig,
  applicationName: string,
  ssl: pg.ClientConfig['ssl'],
): pg.ClientConfig => ({
  host: config.host,
  port: config.port,
  user: config.user,
  password: config.password,
  database: config.database,
  application_name: applicationName,
  ssl: ssl ?? false,
  connectionTimeoutMillis: (config.connectTimeout ?? defaultConnectTimeout) * 1000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 5_000,
});

const translatingClient = (config: ConnectionConfig): typeof pg.Client => {
  class TranslatingClient extends pg.Client {
    override connect(): Promise<pg.Client>;
    override connect(callback: (error: Error | null) => void): void;
    override connect(callback?: (error: Error | null) => void): Promise<pg.Client> | undefined {
      const connected = super.connect().catch((error: unknown): never => {
        throw connectionError(error, config);
      });
      if (!callback) return connected;
      connected.then(() => callback(null), callback);
      return undefined;
    }
  }
  return TranslatingClient;
};
