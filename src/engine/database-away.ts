import { WandError } from '../problem/wand-error.ts';

/**
 * Whether an error says that the state database cannot be reached now, so that the same is worth trying again: no answer, a lost
 * connection, a server that starts, stops or has no place left. An answer that names anything else is none.
 */
export const isAway = (error: unknown): boolean => {
  if (error instanceof WandError) return error.code.startsWith('database-');
  // Mistakes of this program are not tried for ever.
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) return false;
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  // Node's own codes are words: EPIPE has five letters too.
  if (syscall !== undefined || typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return true;
  return /^(08|57P|53)/.test(code);
};

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
