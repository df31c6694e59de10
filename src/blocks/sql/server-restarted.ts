import type { ConnectionConfig } from '../../model/connection-config.ts';
import { connectClient } from '../../postgres/connect.ts';
import { WandError } from '../../problem/wand-error.ts';
import { isServerError, StatementError } from './sql-error.ts';

/** How long a server that went away may take to come back. Milliseconds. */
const patience = 30_000;
/** A block may have begun in the moment before it could see that the server was gone. Milliseconds. */
const unseen = 5_000;

/** Databases that this process has worked with: one of them that refuses us is on its way back, others have failed. */
const known = new Set<string>();
const keyOf = ({ host, port, database }: ConnectionConfig): string => `${host} ${port} ${database}`;

export const rememberDatabase = (config: ConnectionConfig): void => void known.add(keyOf(config));

/**
 * Whether an error came of the server's restart, or death, under the block: the connection was lost, and the server that answers now has been up for
 * less time than the block. Then what the block had not committed is undone, and it may run again. A session that somebody
 * ended on purpose looks the same from here, but its server stays.
 */
export const hasRestarted = async (
  error: unknown,
  begun: number,
  config: () => Promise<ConnectionConfig>,
  signal: AbortSignal,
): Promise<boolean> => {
  if (!isLostConnection(error) && !(await isRefused(error, config))) return false;
  for (const since = performance.now(); !signal.aborted && performance.now() - since < patience; ) {
    const up = await config()
      .then(uptime, () => null)
      .catch(() => null);
    if (up !== null) return up < performance.now() - begun + unseen;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
};

/** Milliseconds that the server has been up. */
const uptime = async (config: ConnectionConfig): Promise<number> => {
  const client = await connectClient(config, { applicationName: 'wand' });
  try {
    const { rows } = await client.query<{ up: number }>(
      'select 1000 * extract(epoch from clock_timestamp() - pg_postmaster_start_time())::float8 as up',
    );
    return rows[0]!.up;
  } finally {
    await client.end().catch(() => undefined);
  }
};

const isRefused = async (error: unknown, config: () => Promise<ConnectionConfig>): Promise<boolean> =>
  error instanceof WandError &&
  ['database-refused', 'database-not-ready', 'database-unreachable'].includes(error.code) &&
  known.has(keyOf(await config()));

/** Whether the connection was lost under a statement. */
export const isLostConnection = (error: unknown): boolean => {
  const cause = error instanceof StatementError ? error.cause : error;
  if (isServerError(cause)) return /^(08|57P)/.test(cause.code!);
  if (!(cause instanceof Error)) return false;
  const { code } = cause as NodeJS.ErrnoException;
  return (
    ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT'].includes(code ?? '') ||
    /^(Connection terminated|Client has encountered a connection error|Client was closed)/.test(cause.message)
  );
};
