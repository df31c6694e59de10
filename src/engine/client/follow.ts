import type pg from 'pg';
import { connectClient } from '../../postgres/connect.ts';
import { type Channel, channels } from '../../store/channels.ts';
import type { Store } from '../../store/open-store.ts';
import { isAway } from '../database-away.ts';

export type FollowEvent = { channel: Channel; payload: string };

export type Follower = { close(): Promise<void> };

/**
 * Listens to what changes in the store, on a connection of its own. A lost connection is made again every half second; after each
 * return `onResume` is called, since notifications may have been missed.
 */
export const follow = async (
  store: Store,
  wanted: Channel[],
  onEvent: (event: FollowEvent) => void,
  onState: (state: { up: boolean; error: Error | null }) => void = () => {},
): Promise<Follower> => {
  let closed = false;
  let client: pg.Client | null = null;

  const connect = async (): Promise<void> => {
    const fresh = await connectClient(store.config, { applicationName: 'wand follower' });
    fresh.on('error', () => {});
    fresh.on('notification', ({ channel, payload = '' }) => onEvent({ channel: channel as Channel, payload }));
    try {
      for (const channel of wanted) await fresh.query(`listen ${channel}`);
    } catch (error) {
      fresh.end().catch(() => {});
      throw error;
    }
    if (closed) return void fresh.end();
    client = fresh;
    fresh.on('end', () => {
      if (!closed) void reconnect();
    });
    onState({ up: true, error: null });
  };

  const reconnect = async (): Promise<void> => {
    onState({ up: false, error: null });
    while (!closed) {
      try {
        return await connect();
      } catch (error) {
        onState({ up: false, error: error as Error });
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  };

  await connect();
  return {
    close: async () => {
      closed = true;
      await client?.end().catch(() => {});
    },
  };
};

/** Milliseconds between two looks at most. */
const longestPause = 100;

/**
 * Resolves when a run has ended; `onChange` is called after each change of it. After a look it waits four times as long as that took: to look
 * at a chain of 100 blocks after each of them cost a foreground run 15 ms a block.
 */
export const waitForRun = async (
  store: Store,
  runId: string,
  onChange: () => Promise<{ ended: boolean }>,
  signal?: AbortSignal,
): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let looking = false;
  let again = false;
  const look = async (): Promise<void> => {
    again = true;
    if (looking) return;
    looking = true;
    try {
      while (again) {
        again = false;
        const began = performance.now();
        if ((await onChange()).ended) return resolve();
        const pause = Math.min(longestPause, (performance.now() - began) * 4);
        if (!signal?.aborted) await new Promise((done) => setTimeout(done, pause));
      }
    } catch (error) {
      // A database that is away comes back, or the caller is interrupted: the timer looks again.
      if (!isAway(error)) reject(error as Error);
    } finally {
      looking = false;
    }
  };
  const follower = await follow(
    store,
    [channels.run],
    ({ payload }) => {
      if (payload === runId) void look();
    },
    () => void look(),
  );
  // A notification may be lost with a connection.
  const timer = setInterval(() => void look(), 2_000);
  signal?.addEventListener('abort', () => resolve());
  try {
    await look();
    await promise;
  } finally {
    clearInterval(timer);
    await follower.close();
  }
};
