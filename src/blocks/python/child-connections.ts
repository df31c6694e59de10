import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { statePath, wandHome } from '../../home/paths.ts';
import { makePrivateFolder } from '../../home/private-file.ts';
import { isAlive, startTicksOf } from '../../home/process.ts';

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
/** A socket's path must fit sockaddr_un (104 bytes on macOS). */
const longestPath = 100;

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
  const path = socketPath();
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(path, () => resolve());
  });
  chmodSync(path, 0o600);
  listener.unref();
  return { path, token, close: () => void listener.close() };
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

const socketPath = (): string => {
  const folder = makePrivateFolder(shortFolder());
  removeLeftovers(folder);
  return join(folder, `py-${process.pid}-${startTicksOf(process.pid) ?? ''}-${randomBytes(4).toString('hex')}`);
};

/** `$WAND_HOME/run`, or a folder of this user's own in /tmp if that is too long a path for a socket. */
const shortFolder = (): string => {
  const folder = statePath('run');
  if (Buffer.byteLength(folder) + '/py-4194304-99999999999-12345678'.length <= longestPath) return folder;
  const base = tmpdir().length > 40 ? '/tmp' : tmpdir();
  const hash = createHash('sha256').update(wandHome()).digest('hex').slice(0, 12);
  const short = makePrivateFolder(join(base, `wand-${process.getuid?.() ?? 0}-${hash}-run`));
  const facts = lstatSync(short);
  // In a folder that all may write to, somebody else may have been first.
  if (!facts.isDirectory() || facts.uid !== process.getuid?.() || (facts.mode & 0o077) !== 0)
    throw new Error(`${short} is not a private folder of this user`);
  return short;
};

/** Sockets of workers that were killed. */
const removeLeftovers = (folder: string) => {
  for (const name of readdirSync(folder)) {
    const [, pid, ticks] = /^py-(\d+)-(\d*)-[0-9a-f]+$/.exec(name) ?? [];
    if (pid && !isAlive(Number(pid), ticks || null)) rmSync(join(folder, name), { force: true });
  }
};
