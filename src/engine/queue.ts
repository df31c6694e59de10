import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Db, PgBoss } from 'pg-boss';
import { channels } from '../store/channels.ts';

/** Blocks that any worker may take. A foreground run has a queue of its own (`ownerQueue`). */
export const sharedQueue = 'blocks';
export const ownerQueue = (workerId: string): string => `owner_${workerId}`;

/** Blocks that ask for these tags, sorted: served by workers that have them all. */
export const taggedQueue = (tags: string[]): string =>
  `tags_${createHash('sha256').update(JSON.stringify(tags)).digest('hex').slice(0, 24)}`;

type Job = { blockRunId: string };

/** A waiting block run and the id of the job that offers it. */
export type Offer = [blockRunId: string, jobId: string];

/**
 * The only file that speaks to pg-boss, and the only SQL that touches its schema. A job carries a claim and nothing else: it is
 * completed in the transaction that sets the attempt running; lease, fence and retry are wand's own `attempt` rows,
 * since pg-boss's expiry ends at 24 h and a backlog behind its `work()` waits for a 30 s poll.
 */
export type Queue = {
  enqueue(transaction: pg.ClientBase, queue: string, offers: Offer[], delaySeconds?: number): Promise<void>;
  /** Deletes jobs whose blocks were taken in place; one that is gone is no error. */
  discard(queue: string, jobIds: string[]): Promise<void>;
  /** Takes one waiting job out of a queue for good, in the caller's transaction; null if there is none. */
  take(transaction: pg.ClientBase, queue: string): Promise<Offer | null>;
  open(queue: string): Promise<void>;
  close(queue: string): Promise<void>;
  stop(): Promise<void>;
};

/** Connects the port to the state database. `install` creates or migrates pg-boss's own tables and the shared queue. */
export const openQueue = async (pool: pg.Pool, { install = false } = {}): Promise<Queue> => {
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({
    db: databaseOver(pool),
    schema: bossSchema,
    migrate: install,
    createSchema: install,
    // No maintenance timers in clients and workers: jobs are deleted when they are taken.
    supervise: false,
    schedule: false,
    persistWarnings: false,
  });
  boss.on('error', () => {});
  await boss.start();
  if (install) await boss.createQueue(sharedQueue, queueOptions);
  return portTo(boss);
};

const bossSchema = `wand_boss`;
const queueOptions = { retryLimit: 0, expireInSeconds: 86_400, retentionSeconds: 10 * 365 * 86_400 } as const;

const portTo = (boss: PgBoss): Queue => ({
  enqueue: async (transaction, queue, offers, delaySeconds) => {
    if (offers.length === 0) return;
    const startAfter = delaySeconds ? { startAfter: delaySeconds } : {};
    await boss.insert(
      queue,
      offers.map(([blockRunId, id]) => ({ id, data: { blockRunId }, ...startAfter })),
      { db: databaseOver(transaction) },
    );
    await transaction.query('select pg_notify($1, $2)', [channels.ready, queue]);
  },
  take: async (transaction, queue) => {
    const db = databaseOver(transaction);
    const [job] = await boss.fetch<Job>(queue, { batchSize: 1, db });
    if (!job) return null;
    await boss.deleteJob(queue, job.id, { db });
    return [job.data.blockRunId, job.id];
  },
  discard: async (queue, jobIds) => {
    if (jobIds.length > 0) await boss.deleteJob(queue, jobIds);
  },
  open: (queue) => boss.createQueue(queue, queueOptions),
  close: (queue) => boss.deleteQueue(queue).catch(() => {}),
  stop: () => boss.stop({ graceful: false, close: false }),
});

const databaseOver = (client: pg.Pool | pg.ClientBase): Db => ({
  executeSql: (text, values) => client.query(text, values as unknown[]),
});
