import { type EngineClient, openClient } from '../engine/client/open-client.ts';

/** Runs `work` with an open client of the engine and closes it afterwards. */
export const withClient = async <T>(work: (client: EngineClient) => Promise<T>): Promise<T> => {
  const client = await openClient();
  try {
    return await work(client);
  } finally {
    await client.close();
  }
};
