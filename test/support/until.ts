import { messageOf } from '../../src/problem/wand-error.ts';

/** Shorter than a test's time limit, so that what was waited for is told. Milliseconds. */
const patience = 100_000;

/**
 * Looks every 50 ms until there is something (not undefined, not false), and answers it. An error counts as nothing; the last one is told when
 * the patience is over.
 */
export const until = async <Found>(
  what: string,
  look: () => Promise<Found | undefined | false> | Found | undefined | false,
): Promise<Found> => {
  let trouble = '';
  for (const deadline = Date.now() + patience; Date.now() < deadline; ) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      trouble = '';
    } catch (error) {
      trouble = `: ${messageOf(error)}`;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain: ${what}${trouble}`);
};
