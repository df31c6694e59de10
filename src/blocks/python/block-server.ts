import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Exit, LiveChild } from '../child/attend-child.ts';
import { createLineReader } from '../child/line-reader.ts';
import { signalGroup } from '../child/process-group.ts';
import { type ChildConnections, listenForChildren, type WaitingChild } from './child-connections.ts';

export type ServerStart = { command: string; environment: Record<string, string>; workingDirectory: string };

export type BlockServer = {
  /**
   * A child that waits for its task and will give the block this environment; null if the server is gone or cannot fork. The signal ends the
   * waiting.
   */
  child(environment: Record<string, string>, signal: AbortSignal): Promise<LiveChild | null>;
  /** Blocks that it runs or that wait for a child. */
  busy(): number;
  alive(): boolean;
  /** Why it ended, with what it said last. */
  problem(): string;
  pid: number;
  /** Sends it away; children that run a block are killed. */
  stop(): void;
};

type Answer =
  | { ready: true }
  | { forkFailed: string }
  | { exit: number; code: number | null; signal: NodeJS.Signals | null; cpuMs: number; peakRssBytes: number };

/** Starts `wand_blocks.server` and keeps one child of it forked ahead. Nothing of it keeps this process alive unless a block runs. */
export const startBlockServer = async (start: ServerStart): Promise<BlockServer> => {
  const spares: WaitingChild[] = [];
  const takers: ((child: WaitingChild | null) => void)[] = [];
  const running = new Map<number, (exit: Exit) => void>();
  const said: string[] = [];
  let alive = true;
  let problem = '';

  const connections = await listenForChildren((child) => {
    if (!alive) return drop(child);
    const taker = takers.shift();
    if (taker) return taker(child);
    // A spare from before pandas was imported gives way to one from after.
    if (child.warm) for (const bare of spares.filter(({ warm }) => !warm)) discard(bare);
    spares.push(child);
  });
  const server = spawnServer(start, connections);
  const [input, output] = [server.stdin as Socket, server.stdout as Socket];

  const discard = (spare: WaitingChild) => {
    remove(spares, spare);
    drop(spare);
  };
  const end = (why: string) => {
    if (!alive) return;
    alive = false;
    problem = why;
    connections.close();
    for (const spare of spares.splice(0)) drop(spare);
    for (const taker of takers.splice(0)) taker(null);
    for (const [pid, tell] of running) {
      signalGroup(pid, 'SIGKILL');
      tell({ code: null, signal: 'SIGKILL', usage: null });
    }
    running.clear();
  };
  const hear = (answer: Answer) => {
    if ('forkFailed' in answer) {
      problem = `it could not fork: ${answer.forkFailed}`;
      takers.shift()?.(null);
    }
    if (!('exit' in answer)) return;
    const { exit, code, signal, cpuMs, peakRssBytes } = answer;
    running.get(exit)?.({ code, signal, usage: { cpuMs, peakRssBytes } });
    running.delete(exit);
    const spare = spares.find(({ pid }) => pid === exit);
    if (spare) discard(spare);
  };
  readAnswers(output, hear);
  server.stderr?.on('data', (chunk: Buffer) => said.push(...chunk.toString().trimEnd().split('\n').slice(-5)));
  server.once('error', (error) => end(error.message));
  // Not at `exit`: what it said before, such as how a child ended, is still to be read.
  server.once('close', (code, signal) =>
    end(`it ended by ${signal ?? `exit code ${code}`}${said.length > 0 ? `: ${said.slice(-3).join(' | ')}` : ''}`),
  );
  const hold = () => (running.size + takers.length > 0 ? output.ref() : output.unref());

  const adopt = (child: WaitingChild, environment: Record<string, string>): LiveChild => {
    for (const socket of [child.events, child.stdout, child.stderr]) socket.ref();
    const exited = new Promise<Exit>((resolve) => {
      running.set(child.pid, (exit) => {
        resolve(exit);
        queueMicrotask(hold);
      });
    });
    hold();
    return {
      pgid: child.pid,
      events: child.events,
      stdout: child.stdout,
      stderr: child.stderr,
      exited,
      send: ({ task }) => {
        child.events.write(`${JSON.stringify({ task, environment })}\n`);
      },
    };
  };

  return {
    pid: server.pid ?? 0,
    busy: () => running.size + takers.length,
    alive: () => alive,
    problem: () => problem,
    stop: () => {
      input.end();
      end('it was sent away');
    },
    child: async (environment, signal) => {
      if (!alive) return null;
      const spare = spares.shift();
      input.write('fork\n');
      if (spare) return adopt(spare, environment);
      const child = await nextChild(takers, signal, hold);
      return child && (alive ? adopt(child, environment) : null);
    },
  };
};

const spawnServer = (
  { command, environment, workingDirectory }: ServerStart,
  { path, token }: ChildConnections,
): ChildProcess => {
  // No setpriv here: the server asks the kernel for a TERM instead, so that it can end what its blocks have started.
  const server = spawn(command, ['-u', '-m', 'wand_blocks.server'], {
    cwd: workingDirectory,
    env: environment,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  server.stdin?.on('error', () => undefined);
  server.stdin?.write(`${JSON.stringify({ socket: path, token, worker: process.pid })}\n`);
  server.unref();
  for (const stream of [server.stdin, server.stdout, server.stderr]) (stream as Socket | null)?.unref();
  return server;
};

const nextChild = (
  takers: ((child: WaitingChild | null) => void)[],
  signal: AbortSignal,
  hold: () => void,
): Promise<WaitingChild | null> =>
  new Promise((resolve) => {
    const take = (child: WaitingChild | null) => {
      signal.removeEventListener('abort', give);
      resolve(child);
      queueMicrotask(hold);
    };
    const give = () => {
      remove(takers, take);
      take(null);
    };
    takers.push(take);
    signal.addEventListener('abort', give, { once: true });
    hold();
  });

const readAnswers = (output: Socket, hear: (answer: Answer) => void) => {
  const lines = createLineReader((line) => hear(JSON.parse(line) as Answer));
  output.on('data', (chunk: Buffer) => lines.push(chunk));
};

/** Its end of file tells the child to leave. */
const drop = ({ events, stdout, stderr }: WaitingChild) => {
  for (const socket of [events, stdout, stderr]) socket.destroy();
};

const remove = <Item>(list: Item[], item: Item) => {
  const at = list.indexOf(item);
  if (at !== -1) list.splice(at, 1);
};
