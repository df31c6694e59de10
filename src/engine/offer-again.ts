import type pg from 'pg';
import { type Offer, type Queue, sharedQueue } from './queue.ts';
import { nextDelay, retryPolicy } from './retry.ts';

/**
 * Offers what waits in a run to all workers, after its worker has gone. A block that waits for its retry delay, of which only the queue knew that
 * went with the worker, waits for what is left of it.
 */
export const offerAgain = async (client: pg.ClientBase, queue: Queue, runId: string): Promise<void> => {
  const { rows } = await client.query<{ offers: Offer[] }>('select wand.make_offers($1) as offers', [runId]);
  const { offers } = rows[0]!;
  const delays = await delaysOf(client, offers);
  const delayOf = ([id]: Offer): number => delays.get(id) ?? 0;
  await queue.enqueue(
    client,
    sharedQueue,
    offers.filter((offer) => delayOf(offer) === 0),
  );
  for (const offer of offers.filter((one) => delayOf(one) > 0)) {
    await queue.enqueue(client, sharedQueue, [offer], delayOf(offer));
  }
};

type Failed = {
  id: string;
  /** Seconds since it failed. */
  ago: number;
  failures: number;
  config: Record<string, unknown>;
  retries: number | null;
};

/** Seconds that blocks which have failed still wait, by block run. */
const delaysOf = async (client: pg.ClientBase, offers: Offer[]): Promise<Map<string, number>> => {
  const { rows } = await client.query<Failed>(
    `select b.id::text, extract(epoch from clock_timestamp() - b.finished_at)::float8 as ago,
       coalesce(b.definition->'retryConfig', '{}') as config, (r.settings->>'retries')::int as retries,
       (select count(*) from wand.attempt a where a.block_run_id = b.id and a.status = 'failed' and a.attempt > b.retried_after)::int
         as failures
     from wand.block_run b join wand.run r on r.id = b.run_id
     where b.id = any($1::bigint[]) and b.error is not null and b.finished_at is not null`,
    [offers.map(([id]) => id)],
  );
  return new Map(
    rows.map(({ id, ago, failures, config, retries }) => {
      const delay = nextDelay(retryPolicy(config, retries ?? undefined), failures) ?? 0;
      return [id, Math.max(0, delay - ago)];
    }),
  );
};
