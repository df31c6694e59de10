import { WandError } from '../../problem/wand-error.ts';
import { ensureDatabase } from './database.ts';
import { type EmbeddedServer, ensureEmbeddedServer } from './ensure.ts';

/** For how long a database that was seen is believed to be there. */
const beliefMs = 5_000;
const seen = new Map<string, number>();

/**
 * The embedded server, running and with a database of that name. A block asks for this each time it starts, so what was seen
 * a moment ago is not asked again (0.1 ms instead of 7 ms).
 */
export const provideDatabase = async (name: string): Promise<EmbeddedServer> => {
  const server = await ensureEmbeddedServer();
  if (Date.now() - (seen.get(keyOf(server, name)) ?? 0) < beliefMs) return server;
  const provided = await ensureDatabase(server, name).then(
    () => server,
    async (error: unknown) => {
      if (!isRefused(error)) throw error;
      // The last one out stopped the server between our look and our connection.
      const restarted = await ensureEmbeddedServer();
      await ensureDatabase(restarted, name);
      return restarted;
    },
  );
  seen.set(keyOf(provided, name), Date.now());
  return provided;
};

const keyOf = ({ pid, dataFolder }: EmbeddedServer, name: string): string => `${pid} ${dataFolder} ${name}`;

const isRefused = (error: unknown): boolean =>
  error instanceof WandError && ['database-refused', 'database-not-ready', 'database-unreachable'].includes(error.code);
