import { setTimeout as pause } from 'node:timers/promises';
import { type EngineClient, ensureWorker, follow, listWorkers, openClient } from '../engine/client/index.ts';
import { messageOf, WandError } from '../problem/wand-error.ts';
import { channels } from '../store/channels.ts';
import type { ConnectionState, SourceEvent } from './workbench-source.ts';

/** Milliseconds between tries to reach a database that is down. */
const tryAgainAfter = 1_000;
/** The first screen's questions go before the second connection, which listens (each costs 10 ms of SCRAM); what it missed is read again. */
const listenAfter = 150;
const mostConnections = 4;

export type LiveConnection = {
  state(): ConnectionState;
  /** Waits for the connection; rejects at once with the cause while the database is down. */
  client(): Promise<EngineClient>;
  onChange(listener: (event: SourceEvent) => void): () => void;
  close(): Promise<void>;
};

/** Connects to wand's state database without anybody waiting, follows its notifications, and tries again for ever while it is away. */
export const connectInBackground = ({ startWorker = ensureWorker } = {}): LiveConnection => {
  const listeners = new Set<(event: SourceEvent) => void>();
  const emit = (event: SourceEvent): void => {
    for (const listener of listeners) listener(event);
  };
  let closed = false;
  let connected = false;
  let state: ConnectionState = { database: 'connecting', label: 'pg', message: null, workers: 0 };
  let failure: unknown = null;
  let opened = Promise.withResolvers<EngineClient>();
  opened.promise.catch(() => {});
  const closers: (() => Promise<void>)[] = [];
  /** Closed with the rest, or now if that is over. */
  const closeLater = async (close: () => Promise<void>): Promise<void> => {
    if (closed) await close().catch(() => {});
    else closers.push(close);
  };

  const change = (next: Partial<ConnectionState>): void => {
    state = { ...state, ...next };
    emit({ kind: 'connection' });
  };

  const countWorkers = async (client: EngineClient): Promise<void> => {
    const workers = await listWorkers(client).catch(() => null);
    if (workers && workers.length !== state.workers) change({ workers: workers.length });
  };

  const connect = async (): Promise<void> => {
    const client = await untilDone(open);
    if (!client) return;
    await pause(listenAfter);
    if (closed) return;
    client.store.pool.options.max = mostConnections;
    if (!(await untilDone(() => listen(client))) || closed) return;
    // So that the first run does not wait for a process to start.
    await startWorker(client).catch(() => {});
    await countWorkers(client);
    // A worker that dies tells nobody.
    const timer = setInterval(() => void countWorkers(client), 5_000);
    await closeLater(async () => clearInterval(timer));
  };

  const open = async (): Promise<EngineClient> => {
    const client = await openClient({ applicationName: 'wand workbench', max: mostConnections });
    await closeLater(() => client.close());
    // Its one connection answers the first questions one after the other: a second one costs 10 ms of SCRAM before it answers any.
    client.store.pool.options.max = 1;
    failure = null;
    connected = true;
    opened.resolve(client);
    change({ database: 'up', label: labelOf(client), message: null });
    return client;
  };

  const listen = async (client: EngineClient): Promise<true> => {
    const follower = await follow(
      client.store,
      [channels.run, channels.log, channels.worker],
      ({ channel, payload }) => {
        if (channel === channels.log) emit({ kind: 'log', runId: payload });
        else if (channel === channels.worker) void countWorkers(client);
        else {
          emit({ kind: 'run', runId: payload });
          emit({ kind: 'runs' });
        }
      },
      ({ up, error }) => {
        change({ database: up ? 'up' : 'down', message: up ? null : messageOf(error ?? 'connection lost') });
        // What happened meanwhile was not heard.
        if (up) emit({ kind: 'resumed' });
      },
    );
    await closeLater(() => follower.close());
    return true;
  };

  /** Tries again for ever, telling why; null when the workbench is left meanwhile. */
  const untilDone = async <T>(work: () => Promise<T>): Promise<T | null> => {
    while (!closed) {
      try {
        return await work();
      } catch (error) {
        fail(error);
        await pause(tryAgainAfter);
      }
    }
    return null;
  };

  /** Whoever waits for the first connection hears of it; who comes later tries the one there is. */
  const fail = (error: unknown): void => {
    if (!connected) {
      failure = error;
      opened.reject(error);
      opened = Promise.withResolvers<EngineClient>();
      opened.promise.catch(() => {});
    }
    const fix = error instanceof WandError && error.fix ? ` · ${error.fix}` : '';
    change({ database: 'down', message: `${messageOf(error)}${fix}` });
  };
  void connect();

  return {
    state: () => state,
    client: () => (failure ? Promise.reject(failure) : opened.promise),
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => {
      closed = true;
      await Promise.all(closers.map((close) => close().catch(() => {})));
    },
  };
};

const labelOf = ({ store }: EngineClient): string =>
  process.env.WAND_DATABASE_URL ? store.config.host.replace(/^\/.*/, 'local pg') : 'embedded pg';
