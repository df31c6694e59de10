import { randomBytes } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { newSocketPath, removeSocket } from '../../home/socket-path.ts';

/** A forked child that waits for its task. */
export type WaitingChild = {
  pid: number;
  /** It has pandas imported. */
  warm: boolean;
  events: Socket;
  stdout: Socket;
  stderr: Socket;
};

type Role = 'events' | 'stdout' | 'stderr';
type Hello = { role: Role; pid: number; warm: boolean };

export type ChildConnections = {
  path: string;
  /** Children say it first, so that nobody else of this user's processes is taken for one. */
  token: string;
  close(): void;
};

const longestHello = 200;

/**
 * Listens on a unix socket for the children of a block server: each connects three times, and is handed on when all three are there. Nothing
 * of it keeps this process alive; a child's sockets do again once they are `ref`d.
 */
export const listenForChildren = async (onChild: (child: WaitingChild) => void): Promise<ChildConnections> => {
  const token = randomBytes(24).toString('hex');
  const halves = new Map<number, Partial<Record<Role, Socket>>>();

  const take = ({ role, pid, warm }: Hello, socket: Socket) => {
    const parts = halves.get(pid) ?? {};
    halves.set(pid, parts);
    parts[role] = socket;
    const { events, stdout, stderr } = parts;
    if (!events || !stdout || !stderr) return;
    halves.delete(pid);
    onChild({ pid, warm, events, stdout, stderr });
  };

  const listener = createServer((socket) => {
    socket.unref();
    socket.on('error', () => undefined);
    readHello(socket, token, (hello) => take(hello, socket));
  });
  const path = newSocketPath('py');
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(path, () => resolve());
  });
  chmodSync(path, 0o600);
  listener.unref();
  const close = () => {
    listener.close();
    removeSocket(path);
  };
  return { path, token, close };
};

const readHello = (socket: Socket, token: string, take: (hello: Hello) => void) => {
  let text = '';
  const read = (chunk: Buffer) => {
    text += chunk.toString('latin1');
    const end = text.indexOf('\n');
    if (end === -1 && text.length <= longestHello) return;
    socket.off('data', read);
    socket.pause();
    const [said, role, pid, warmth] = text.slice(0, end).split(' ');
    if (end === -1 || said !== token || !isRole(role)) return void socket.destroy();
    if (text.length > end + 1) socket.unshift(Buffer.from(text.slice(end + 1), 'latin1'));
    take({ role, pid: Number(pid), warm: warmth === 'warm' });
  };
  socket.on('data', read);
};

const isRole = (role: string | undefined): role is Role => role === 'events' || role === 'stdout' || role === 'stderr';
