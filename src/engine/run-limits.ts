import type { Store } from '../store/open-store.ts';
import { inTransaction } from '../store/transaction.ts';
import type { Due } from './due.ts';
import { type Offer, ownerQueue, type Queue, sharedQueue } from './queue.ts';

/** Ends runs that have had their time, and lets those begin that waited for the end of others (mage-format.md 8.6, 8.7). */
export const advanceInTime = async (
  store: Store,
  queue: Queue,
  { timed, waits }: Pick<Due, 'timed' | 'waits'>,
): Promise<void> => {
  if (timed) await store.pool.query('select wand.end_overdue()');
  if (timed || waits) await releaseRuns(store, queue);
};

/** Offers the first blocks of waiting runs, as far as their limits allow, in the transaction that lets them begin. */
export const releaseRuns = (store: Store, queue: Queue): Promise<void> =>
  inTransaction(store.pool, async (client) => {
    const { rows } = await client.query<{ released: [run: string, owner: string | null, offers: Offer[]][] }>(
      'select wand.release_runs() as released',
    );
    for (const [, owner, offers] of rows[0]!.released) {
      await queue.enqueue(client, owner ? ownerQueue(owner) : sharedQueue, offers);
    }
  });
