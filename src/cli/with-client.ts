import { type EngineClient, openClient } from '../engine/client/open-client.ts';
import { leavingNoServer } from './leave-no-server.ts';

/** Runs `work` with an open client of the engine and closes it afterwards. */
export const withClient = <T>(work: (client: EngineClient) => Promise<T>): Promise<T> =>
  leavingNoServer(async () => {
    const client = await openClient();
    try {
      return await work(client);
    } finally {
      await client.close();
    }
  });
