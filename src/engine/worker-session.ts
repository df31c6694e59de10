import type pg from 'pg';
import { connectClient } from '../postgres/connect.ts';
import { stateDatabase } from '../postgres/state-database.ts';
import { channels } from '../store/channels.ts';
import { dropConnection, type Store } from '../store/open-store.ts';
import { buryWorker } from './liveness.ts';
import type { Queue } from './queue.ts';
import { tellSupervisor } from './supervisor.ts';
import { heartbeatEvery, hungAfterOf, openSweeper } from './sweep.ts';

export type SessionOptions = {
  workerId: string;
  host: string;
  lockKey: string;
  /** Writes the worker's row, or confirms it; answers whether it was there. */
  register(client: pg.ClientBase): Promise<boolean>;
  /** Others have given this worker up while it hung or was cut off: what it had under way is not its own any more. */
  onGivenUp(): void;
  onReady(queueName: string): void;
  onStop(runId: string): void;
  /** A worker of another host has asked this one for an output. */
  onOutputWanted(): void;
  /** Whether blocks are under way: then the worker does not give up while the database is away. */
  busy(): boolean;
  /** Called every sweep, for what else falls due with time. */
  onSweep(): Promise<void>;
};

export type WorkerSession = {
  failed: Promise<Error>;
  /** Before this process is stopped by its user: says so, so that nobody takes it to hang for as long as it holds its lock. */
  suspend(): Promise<void>;
  /** It goes on. */
  resume(): Promise<void>;
  close(): Promise<void>;
};

/** Milliseconds between sweeps for dead workers, and between tries to get a lost session back. */
const sweepEvery = 500;
const reconnectEvery = 500;
/** After this long without a database an idle worker gives up; its supervisor starts another. */
const giveUpAfter = 120_000;
/** A database that does not answer for this long is cut off. Milliseconds. */
const mostSilence = 8_000;

/**
 * The connection that says "this worker lives": it holds the worker's advisory lock, tells every two seconds that it lives, listens for work and
 * for stops, and sweeps for others that are gone or hang. A lost connection is made again; the row is registered anew with the same lock.
 */
export const openSession = async (store: Store, queue: Queue, options: SessionOptions): Promise<WorkerSession> => {
  const { workerId, host } = options;
  const sweeper = openSweeper(store, queue, { host, self: workerId, hungAfter: hungAfterOf(process.env) });
  let closed = false;
  let client = await connect(store, options);
  await options.register(client);
  let sweeping = false;
  let beating = false;
  let suspended = false;
  const { promise: failed, resolve: fail } = Promise.withResolvers<Error>();

  const watch = (current: pg.Client): void => {
    current.on('error', () => {});
    current.on('end', () => {
      if (!closed) void reconnect();
    });
    current.on('notification', ({ channel, payload = '' }) => {
      if (channel === channels.ready) options.onReady(payload);
      if (channel === channels.stop) options.onStop(payload);
      if (channel === channels.output && payload === `want ${host}`) options.onOutputWanted();
    });
  };

  const reconnect = async (): Promise<void> => {
    const since = Date.now();
    while (!closed) {
      try {
        // An embedded server that was killed is started again by whoever needs it: nobody watches.
        await stateDatabase();
        client = await connect(store, options);
        await confirm();
        return watch(client);
      } catch (error) {
        client.end().catch(() => {});
        if (Date.now() - since > giveUpAfter && !options.busy()) return fail(error as Error);
        await new Promise((resolve) => setTimeout(resolve, reconnectEvery));
      }
    }
  };

  const confirm = async (): Promise<void> => {
    if ((await options.register(client)) || closed) return;
    options.onGivenUp();
    // What it has taken since goes back too.
    await buryWorker(store, queue, workerId);
    await options.register(client);
  };

  /** Tells that this worker lives. A database that does not answer is cut off: then all connections are made anew. */
  const beat = async (): Promise<void> => {
    tellSupervisor();
    if (beating || closed || suspended) return;
    beating = true;
    const current = client;
    const silence = setTimeout(() => {
      dropConnection(current);
      store.breakConnections();
    }, mostSilence);
    try {
      await confirm();
    } catch {
      // The connection is lost: it is being made again.
    } finally {
      clearTimeout(silence);
      beating = false;
    }
  };

  const sweepOnce = async (): Promise<void> => {
    if (sweeping || closed) return;
    sweeping = true;
    try {
      await sweeper.sweep();
      await options.onSweep();
    } catch {
      // The database is away: the next round tries again.
    } finally {
      sweeping = false;
    }
  };

  watch(client);
  const timers = [setInterval(() => void sweepOnce(), sweepEvery), setInterval(() => void beat(), heartbeatEvery)];
  tellSupervisor();
  void sweepOnce();

  return {
    failed,
    suspend: async () => {
      suspended = true;
      // The server would keep notifications for it, of everybody, until it reads them.
      await client.query('unlisten *');
      await client.query('update wand.worker set suspended_at = clock_timestamp() where id = $1', [workerId]);
    },
    resume: async () => {
      suspended = false;
      // A connection that is gone is made again, and listens.
      await listen(client).catch(() => {});
      await beat();
    },
    close: async () => {
      closed = true;
      for (const timer of timers) clearInterval(timer);
      await buryWorker(store, queue, workerId).catch(() => {});
      await client.end().catch(() => {});
    },
  };
};

const connect = async (store: Store, { lockKey }: SessionOptions): Promise<pg.Client> => {
  const client = await connectClient(store.config, { applicationName: 'wand worker' });
  try {
    await client.query(keepalives).catch(() => {});
    // Of a connection that was cut the server may not know yet: its session still holds the lock.
    await client.query(endOldSession, [lockKey]);
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    await listen(client);
    return client;
  } catch (error) {
    client.end().catch(() => {});
    throw error;
  }
};

const listen = async (client: pg.ClientBase): Promise<void> => {
  for (const channel of [channels.ready, channels.stop, channels.output]) await client.query(`listen ${channel}`);
};

/** A server learns within 9 s that a worker's host, or the way to it, is gone. */
const keepalives = 'set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 2';

const endOldSession = `select pg_terminate_backend(l.pid) from pg_locks l
  where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.pid <> pg_backend_pid()
    and l.database = (select oid from pg_database where datname = current_database())
    and (l.classid::bigint << 32) | l.objid::bigint = $1::bigint`;
