import { connect, createServer, type Socket } from 'node:net';

export type PostgresProxy = {
  port: number;
  /** The connections that are open now. */
  open(): number;
  /** From now on a connection breaks when it sends a text that has this; null for none. */
  breakAt(text: string | null): void;
  /** How often the other side spoke after an answer. */
  trips(): number;
  /** Breaks what is open. */
  breakAll(): void;
  close(): Promise<void>;
};

/** Stands before a Postgres server, breaks connections when told to, and holds answers back for so many milliseconds. */
export const postgresProxy = async (
  server: { host: string; port: number },
  { slow = 0 } = {},
): Promise<PostgresProxy> => {
  const sockets = new Set<Socket>();
  let breaking: string | null = null;
  let trips = 0;
  let asking = false;
  const proxy = createServer((near) => {
    const far = connect(server.port, server.host);
    sockets.add(near);
    const end = (): void => {
      sockets.delete(near);
      near.destroy();
      far.destroy();
    };
    near.on('data', (bytes) => {
      if (!asking) trips += 1;
      asking = true;
      if (breaking !== null && bytes.includes(breaking)) end();
      else far.write(bytes);
    });
    const answer = (bytes: Buffer): void => {
      asking = false;
      near.write(bytes);
    };
    far.on('data', (bytes: Buffer) => (slow > 0 ? setTimeout(answer, slow, bytes) : answer(bytes)));
    for (const socket of [near, far]) socket.on('close', end).on('error', end);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    port: (proxy.address() as { port: number }).port,
    open: () => sockets.size,
    breakAt: (text) => {
      breaking = text;
    },
    trips: () => trips,
    breakAll: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
};
