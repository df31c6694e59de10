import { randomBytes } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createLineReader } from '../../blocks/child/line-reader.ts';
import { newSocketPath } from '../../home/socket-path.ts';
import { messageOf, WandError } from '../../problem/wand-error.ts';

/** What a block may ask its worker for while it runs. */
export type RequestHandlers = Record<string, (params: Record<string, unknown>) => Promise<unknown>>;

/** Where a block asks, and the word that says which block it is. */
export type RequestDoor = { socket: string; token: string; close(): void };

type Request = { id: number; method: string; params?: Record<string, unknown> };

/** By token: handlers of the blocks under way. */
const doors = new Map<string, RequestHandlers>();
let listening: Promise<string> | null = null;

/**
 * Opens a door for one attempt: its child connects to a unix socket of this process, says its token, and then asks with one JSON object
 * a line, `{id, method, params}`; the answer is `{id, result}` or `{id, error: {type, message, fix}}`. A socket of its own, since what a
 * child reads on its standard input only tells it that the worker lives. Nothing of it keeps this process alive.
 */
export const openRequestDoor = async (handlers: RequestHandlers): Promise<RequestDoor> => {
  listening ??= listen().catch((error: unknown) => {
    listening = null;
    throw error;
  });
  const socket = await listening;
  const token = randomBytes(24).toString('hex');
  doors.set(token, handlers);
  return { socket, token, close: () => void doors.delete(token) };
};

const listen = async (): Promise<string> => {
  const path = newSocketPath('ask');
  const server = createServer(serve);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  server.unref();
  return path;
};

const longestRequest = 4 * 1024 * 1024;

const serve = (socket: Socket): void => {
  socket.unref();
  socket.on('error', () => {});
  let token: string | null = null;
  const reader = createLineReader((line) => {
    if (token !== null) return void answer(socket, token, line);
    if (!doors.has(line)) return void socket.destroy();
    token = line;
  }, longestRequest);
  socket.on('data', (chunk: Buffer) => reader.push(chunk));
};

const answer = async (socket: Socket, token: string, line: string): Promise<void> => {
  const say = (value: object) => void socket.write(`${JSON.stringify(value)}\n`);
  let id: number | null = null;
  try {
    const request = JSON.parse(line) as Request;
    id = request.id;
    const handler = doors.get(token)?.[request.method];
    if (!handler) throw new WandError('unknown-request', `a block asked for ${request.method}, which nobody answers`);
    say({ id, result: (await handler(request.params ?? {})) ?? null });
  } catch (error) {
    const known = error instanceof WandError ? error : null;
    say({ id, error: { type: known?.code ?? 'internal', message: messageOf(error), fix: known?.fix ?? null } });
  }
};
