import { closeSync, createReadStream, existsSync, openSync, readdirSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { statePath } from '../home/paths.ts';
import { makePrivateFolder } from '../home/private-file.ts';
import { isAlive, startTicksOf } from '../home/process.ts';
import { messageOf } from '../problem/wand-error.ts';
import type { Store } from '../store/open-store.ts';
import { type NumberedChunk, storeChunk } from '../store/queries/logs.ts';
import { isAway } from './database-away.ts';

/**
 * Chunks of one log writer that wait on disk because the database is away, or slower than the block: a file of one JSON object a
 * line (0600), in order. Its name says for which state database it is and who writes it, so that whoever finds it after
 * that process has died may deliver it.
 */
export type LogSpool = {
  append(chunk: NumberedChunk): void;
  /** Stores what waits, in order. Rejects while the database is away. */
  deliver(store: Store): Promise<void>;
  /** Removes the file, unless something waits in it. Answers whether it is gone. */
  remove(): boolean;
};

export const openSpool = (state: string, writer: string): LogSpool => {
  const path = join(makePrivateFolder(spoolFolder()), `${state}_${ownName}_${writer}.jsonl`);
  const file = openSync(path, 'wx+', 0o600);
  const chunks: { start: number; length: number }[] = [];
  let end = 0;
  const next = (): NumberedChunk => {
    const { start, length } = chunks[0]!;
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, start);
    return JSON.parse(bytes.toString('utf8')) as NumberedChunk;
  };
  return {
    append: (chunk) => {
      const bytes = Buffer.from(`${JSON.stringify(chunk)}\n`);
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(file, bytes, written, bytes.length - written, end + written);
      }
      chunks.push({ start: end, length: bytes.length });
      end += bytes.length;
    },
    deliver: async (store) => {
      while (chunks.length > 0) {
        await deliverChunk(store, next());
        chunks.shift();
      }
    },
    remove: () => {
      if (chunks.length > 0) return false;
      closeSync(file);
      rmSync(path, { force: true });
      return true;
    },
  };
};

/** Delivers what processes of this host left that died before they could. Two processes that do it at once do no harm. */
export const deliverOrphans = async (store: Store): Promise<void> => {
  if (delivering || !existsSync(spoolFolder())) return;
  delivering = true;
  try {
    await deliverAll(store);
  } finally {
    delivering = false;
  }
};

let delivering = false;

const deliverAll = async (store: Store): Promise<void> => {
  const state = await store.stateId();
  for (const name of readdirSync(spoolFolder())) {
    const [of = '', owner = ''] = name.split('_');
    const [pid = '', ticks = ''] = owner.split('-');
    if (of !== state || !name.endsWith('.jsonl') || isAlive(Number(pid), ticks || null)) continue;
    const path = join(spoolFolder(), name);
    for await (const line of linesOf(path)) {
      const chunk = parse(line);
      if (chunk) await deliverChunk(store, chunk);
    }
    rmSync(path, { force: true });
  }
};

/** A chunk that the database refuses for what it is would be refused for ever: it is dropped, and said so. */
const deliverChunk = (store: Store, chunk: NumberedChunk): Promise<void> =>
  storeChunk(store.pool, chunk).catch((error) => {
    if (isAway(error)) throw error;
    process.stderr.write(`wand worker: ${chunk.lines.length} log lines could not be stored: ${messageOf(error)}\n`);
  });

async function* linesOf(path: string): AsyncGenerator<string> {
  yield* createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
}

/** Null for the half line of a process that was killed while it wrote. */
const parse = (line: string): NumberedChunk | null => {
  try {
    return JSON.parse(line) as NumberedChunk;
  } catch {
    return null;
  }
};

const spoolFolder = (): string => statePath('logs', 'spool');
const ownName = `${process.pid}-${startTicksOf(process.pid) ?? ''}`;
