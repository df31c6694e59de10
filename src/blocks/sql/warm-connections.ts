import type { Client } from 'pg';
import type { ConnectionConfig } from '../../model/connection-config.ts';
import { connectClient } from '../../postgres/connect.ts';
import { watchConnection } from '../marker/watch-connection.ts';

/** Milliseconds until an unused connection is closed: a user's server is not held on to, and the embedded one can stop. */
const closeAfter = 5_000;
/** Unused for longer than this, a connection is asked whether it is still there (0.1 ms) before a block relies on it. */
const trustedFor = 250;
/** Unused connections kept to one database as one role. */
const mostIdle = 8;

type Idle = { client: Client; since: number; reset: Promise<boolean> };

const idle = new Map<string, Idle[]>();
/** Whose server has ended them. */
const gone = new WeakSet<Client>();
/** What makes the server watch its side of a connection (`watchConnection`). */
const watched = new WeakMap<Client, string[]>();
let timer: NodeJS.Timeout | null = null;

/** A connection for one block, as a new one is: one that an earlier block left in good order, or a new one (2-4 ms). */
export const takeConnection = async (config: ConnectionConfig): Promise<Client> => {
  const waiting = idle.get(keyOf(config)) ?? [];
  for (let last = waiting.pop(); last; last = waiting.pop()) {
    inner(last.client).ref();
    if (!gone.has(last.client) && (await last.reset) && (await isThere(last))) return last.client;
    void last.client.end().catch(() => {});
  }
  const client = await connectClient(config, { applicationName: 'wand' });
  // The first is for a server that says goodbye, the second for one that does not.
  for (const event of ['error', 'end'] as const) client.once(event, () => gone.add(client));
  await client.query(asText);
  watched.set(client, await watchConnection(client));
  return client;
};

/**
 * Takes a connection back whose block has completed. What the block set, prepared, locked or made for its session goes at once, while
 * the engine stores the block's outcome. A connection on which anything went wrong must be closed instead.
 */
export const giveBack = (config: ConnectionConfig, client: Client): void => {
  const key = keyOf(config);
  const waiting = idle.get(key) ?? [];
  if (waiting.length >= mostIdle || !isQuiet(client)) {
    const leave = () => client.end().catch(() => {});
    void client.query('COMMIT').then(leave, leave);
    return;
  }
  // After what the engine sends meanwhile: to write this first kept each block waiting for 0.1 ms.
  const reset = new Promise((resolve) => setImmediate(resolve)).then(() =>
    client.query([likeNew, asText, ...(watched.get(client) ?? [])].join(';')).then(
      () => true,
      () => false,
    ),
  );
  inner(client).unref();
  waiting.push({ client, since: Date.now(), reset });
  idle.set(key, waiting);
  timer ??= setInterval(closeOld, 1_000).unref();
};

/** Closes all connections that no block uses. */
export const closeWarmConnections = async (): Promise<void> => {
  const all = [...idle.values()].flatMap((waiting) => waiting.splice(0));
  if (timer) clearInterval(timer);
  timer = null;
  // A block that only asked is committed by the reset.
  await Promise.all(all.map(({ client, reset }) => reset.then(() => client.end()).catch(() => {})));
};

/** What DISCARD ALL does; that itself refuses to share a message with other statements. */
const likeNew = [
  // Of a block that only asked (`onlyAsks`); nobody listens to the warning that there is none.
  'COMMIT',
  'CLOSE ALL',
  'RESET SESSION AUTHORIZATION',
  'RESET ALL',
  'DEALLOCATE ALL',
  'UNLISTEN *',
  'SELECT pg_catalog.pg_advisory_unlock_all()',
  'DISCARD PLANS',
  'DISCARD TEMP',
  'DISCARD SEQUENCES',
].join(';');

/** Values are stored from their text: it must not depend on the database's or the role's settings. */
const asText = `SET datestyle = 'ISO'; SET intervalstyle = 'postgres'; SET bytea_output = 'hex'`;

const keyOf = ({ origin: _, schema: __, ...place }: ConnectionConfig): string => JSON.stringify(place);

const isThere = async ({ client, since }: Idle): Promise<boolean> => {
  if (Date.now() - since < trustedFor) return true;
  return client.query('SELECT 1').then(
    () => true,
    () => false,
  );
};

/** No transaction on it has failed. */
const isQuiet = (client: Client): boolean => ['I', 'T'].includes(inner(client).getTransactionStatus() ?? '');

/** What the client offers beside what its types tell. `unref`: an unused connection keeps no process alive. */
const inner = (client: Client): { getTransactionStatus(): string | null; ref(): void; unref(): void } =>
  client as unknown as ReturnType<typeof inner>;

const closeOld = (): void => {
  for (const [key, waiting] of idle) {
    const old = waiting.filter(({ since }) => Date.now() - since >= closeAfter);
    for (const { client } of old) void client.end().catch(() => {});
    const rest = waiting.filter((one) => !old.includes(one));
    waiting.splice(0, waiting.length, ...rest);
    if (waiting.length === 0) idle.delete(key);
  }
  if (idle.size === 0 && timer) {
    clearInterval(timer);
    timer = null;
  }
};
