import { WandError } from '../problem/wand-error.ts';

/**
 * Whether an error says that the state database cannot be reached now, so that the same is worth trying again: no answer, a lost
 * connection, a server that starts, stops or has no place left, or that undid it for the sake of another transaction. Anything else, a
 * mistake of this program too, is not tried for ever.
 */
export const isAway = (error: unknown): boolean => {
  if (error instanceof WandError) return error.code.startsWith('database-');
  if (!(error instanceof Error)) return false;
  const { code, errors, syscall } = error as { code?: unknown; errors?: unknown[]; syscall?: unknown };
  // Whatever the code: a server that was stopped has taken its socket's file along (ENOENT).
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true;
  // All addresses of a name were tried: then the code is on the inner ones, on some platforms only there.
  if (code === undefined && errors !== undefined) return errors.length > 0 && errors.every(isAway);
  if (typeof code !== 'string') return lostConnections.has(error.message);
  return socketErrors.has(code) || (!systemErrorOfFile(error) && isSqlStateOfAway(code));
};

/**
 * Classes 08 (connection), 40 (undone: a deadlock), 53 (resources: disk, memory, connections) and 57P (the operator: shutdown, crash, starting up), and a server that
 * became a standby under us.
 */
const isSqlStateOfAway = (code: string): boolean => /^(08...|40...|53...|57P..|25006)$/.test(code);

/** Errors of the system name their call; those of Postgres do not. EPERM has five letters too. */
const systemErrorOfFile = (error: Error): boolean => 'syscall' in error;

/** What Node says of sockets and names of hosts. */
const socketErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTCONN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
  'ERR_SOCKET_CLOSED',
]);

/** What pg and its pool say of a connection that is lost or does not come about, without a code; not of one that we have ended ourselves. */
const lostConnections = new Set([
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'Client has encountered a connection error and is not queryable',
  'Query read timeout',
  'timeout exceeded when trying to connect',
  'timeout expired',
]);

/** Milliseconds. */
const tryAgainAfter = 250;

/** Does `work` again until the database is there, or `givenUp` says that nobody waits for it any more; then its error is thrown. */
export const untilThere = async <T>(work: () => Promise<T>, givenUp: () => boolean): Promise<T> => {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error) || givenUp()) throw error;
      await new Promise((resolve) => setTimeout(resolve, tryAgainAfter));
    }
  }
};
