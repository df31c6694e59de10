import type { ClientBase } from 'pg';
import { isPipelined } from './connect.ts';

/** Does two pieces of work whose questions do not depend on each other. */
export type Together = <One, Other>(one: () => Promise<One>, other: () => Promise<Other>) => Promise<[One, Other]>;

/**
 * Sends both in one trip if the connection is pipelined (a page of a table takes three trips in place of seven), else one after the other.
 * The first one's error counts, since the second one may have failed because of it; unless it says just that.
 */
export const sender = (client: ClientBase): Together => {
  if (!isPipelined(client)) return (one, other) => inOrder(one, () => other());
  return async (one, other) => {
    const [first, second] = await Promise.allSettled([one(), other()]);
    if (first.status === 'rejected' && second.status === 'rejected')
      throw isConsequence(first.reason) ? second.reason : first.reason;
    if (first.status === 'rejected') throw first.reason;
    if (second.status === 'rejected') throw second.reason;
    return [first.value, second.value];
  };
};

/** The transaction had failed before: by what was sent ahead of it. */
const isConsequence = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === '25P02';

/** The second one needs what the first one answers. */
export const inOrder = async <One, Other>(
  one: () => Promise<One>,
  other: (of: One) => Promise<Other>,
): Promise<[One, Other]> => {
  const first = await one();
  return [first, await other(first)];
};

/** What came of it, as a value: what follows in the same trip is asked all the same. */
export const settled = async <T>(work: Promise<T>): Promise<PromiseSettledResult<T>> =>
  (await Promise.allSettled([work]))[0];
