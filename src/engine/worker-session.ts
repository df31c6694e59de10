import { hostname } from 'node:os';
import type pg from 'pg';
import { connectClient } from '../postgres/connect.ts';
import { stateDatabase } from '../postgres/state-database.ts';
import { channels } from '../store/channels.ts';
import type { Store } from '../store/open-store.ts';
import { killGroup } from './kill-group.ts';
import { buryWorker, sweep } from './liveness.ts';
import type { Queue } from './queue.ts';

export type SessionOptions = {
  lockKey: string;
  register(client: pg.ClientBase, lockKey: string): Promise<unknown>;
  onReady(queueName: string): void;
  onStop(runId: string): void;
  /** Whether blocks are under way: then the worker does not give up while the database is away. */
  busy(): boolean;
  /** Called every sweep, for what else falls due with time. */
  onSweep(): Promise<void>;
};

export type WorkerSession = {
  failed: Promise<Error>;
  close(workerId: string): Promise<void>;
};

/** Milliseconds between sweeps for dead workers, and between tries to get a lost session back. */
const sweepEvery = 500;
const reconnectEvery = 500;
/** After this long without a database an idle worker gives up; its supervisor starts another. */
const giveUpAfter = 120_000;

/**
 * The connection that says "this worker lives": it holds the worker's advisory lock, listens for work and for stops, and sweeps for
 * others whose lock is gone. A lost connection is made again; the row is registered anew with the same lock.
 */
export const openSession = async (store: Store, queue: Queue, options: SessionOptions): Promise<WorkerSession> => {
  const seenMissing = new Set<string>();
  let closed = false;
  let client = await connect(store, options);
  let sweeping = false;
  const { promise: failed, resolve: fail } = Promise.withResolvers<Error>();

  const watch = (current: pg.Client): void => {
    current.on('error', () => {});
    current.on('end', () => {
      if (!closed) void reconnect();
    });
    current.on('notification', ({ channel, payload = '' }) => {
      if (channel === channels.ready) options.onReady(payload);
      if (channel === channels.stop) options.onStop(payload);
    });
  };

  const reconnect = async (): Promise<void> => {
    const since = Date.now();
    while (!closed) {
      try {
        // An embedded server that was killed is started again by whoever needs it: nobody watches.
        await stateDatabase();
        client = await connect(store, options);
        return watch(client);
      } catch (error) {
        if (Date.now() - since > giveUpAfter && !options.busy()) return fail(error as Error);
        await new Promise((resolve) => setTimeout(resolve, reconnectEvery));
      }
    }
  };

  const sweepOnce = async (): Promise<void> => {
    if (sweeping || closed) return;
    sweeping = true;
    try {
      const lost = await sweep(store, queue, seenMissing);
      for (const attempt of lost) if (attempt.host === hostname()) killGroup(attempt);
      await options.onSweep();
    } catch {
      // The database is away: the next round tries again.
    } finally {
      sweeping = false;
    }
  };

  watch(client);
  const timer = setInterval(() => void sweepOnce(), sweepEvery);
  void sweepOnce();

  return {
    failed,
    close: async (workerId) => {
      closed = true;
      clearInterval(timer);
      await buryWorker(store, queue, workerId).catch(() => {});
      await client.end().catch(() => {});
    },
  };
};

const connect = async (store: Store, options: SessionOptions): Promise<pg.Client> => {
  const client = await connectClient(store.config, { applicationName: 'wand worker' });
  await client.query('select pg_advisory_lock($1)', [options.lockKey]);
  await client.query(`listen ${channels.ready}`);
  await client.query(`listen ${channels.stop}`);
  await options.register(client, options.lockKey);
  return client;
};
