import { connect, createServer, type Socket } from 'node:net';

export type PostgresProxy = {
  port: number;
  /** The connections that are open now. */
  open(): number;
  /** From now on a connection breaks when it sends a text that has this; null for none. */
  breakAt(text: string | null): void;
  /** Breaks what is open. */
  breakAll(): void;
  close(): Promise<void>;
};

/** Stands before a Postgres server and breaks connections when told to. */
export const postgresProxy = async (server: { host: string; port: number }): Promise<PostgresProxy> => {
  const sockets = new Set<Socket>();
  let breaking: string | null = null;
  const proxy = createServer((near) => {
    const far = connect(server.port, server.host);
    sockets.add(near);
    const end = (): void => {
      sockets.delete(near);
      near.destroy();
      far.destroy();
    };
    near.on('data', (bytes) => (breaking !== null && bytes.includes(breaking) ? end() : far.write(bytes)));
    far.on('data', (bytes) => near.write(bytes));
    for (const socket of [near, far]) socket.on('close', end).on('error', end);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    port: (proxy.address() as { port: number }).port,
    open: () => sockets.size,
    breakAt: (text) => {
      breaking = text;
    },
    breakAll: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
};
