import { connect, createServer, type Socket } from 'node:net';

/** A way between a worker and Postgres that can be cut: then nothing passes, nothing is refused and nothing closed, as with a dead cable. */
export type Relay = { port: number; cut(): void; heal(): void; close(): Promise<void> };

export const startRelay = async (target: { host: string; port: number }, host = '127.0.0.1'): Promise<Relay> => {
  const ends = new Set<Socket>();
  /** Ends whose other end went during a cut, or was never reached: a healed way tells them. */
  const orphans = new Set<Socket>();
  let isCut = false;
  const keep = (end: Socket, onClose: () => void): void => {
    ends.add(end);
    end.on('close', () => {
      ends.delete(end);
      orphans.delete(end);
      onClose();
    });
    end.on('error', () => {});
  };
  const join = (from: Socket, to: Socket): void => {
    keep(from, () => {
      if (isCut) orphans.add(to);
      else to.destroy();
    });
    from.on('data', (bytes) => to.write(bytes));
  };
  const server = createServer((near) => {
    if (isCut) {
      keep(near.pause(), () => {});
      orphans.add(near);
      return;
    }
    const far = connect(target);
    join(near, far);
    join(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    port: (server.address() as { port: number }).port,
    cut: () => {
      isCut = true;
      for (const end of ends) end.pause();
    },
    heal: () => {
      isCut = false;
      for (const end of orphans) end.destroy();
      for (const end of ends) end.resume();
    },
    close: async () => {
      for (const end of ends) end.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
