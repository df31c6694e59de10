import { stateDatabase } from '../../postgres/state-database.ts';
import { migrate } from '../../store/migrate.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { openQueue, type Queue } from '../queue.ts';

/** The engine as screens and commands see it: an open store, and a queue that is connected when first needed. */
export type EngineClient = {
  store: Store;
  queue(): Promise<Queue>;
  close(): Promise<void>;
};

/** Finds or starts the state database, brings its schema up to date, and opens it. Throws WandError (exit code 3) if it is out of reach. */
export const openClient = async ({ max = 4, applicationName = 'wand' } = {}): Promise<EngineClient> => {
  const store = openStore(await stateDatabase(), { max, applicationName });
  let queue: Promise<Queue> | undefined;
  try {
    await migrate(store.pool, async () => {
      const installed = await openQueue(store.pool, { install: true });
      await installed.stop();
    });
  } catch (error) {
    await store.close().catch(() => {});
    throw error;
  }
  return {
    store,
    queue: () => {
      queue ??= openQueue(store.pool);
      return queue;
    },
    close: async () => {
      await (await queue?.catch(() => undefined))?.stop().catch(() => {});
      await store.close().catch(() => {});
    },
  };
};
