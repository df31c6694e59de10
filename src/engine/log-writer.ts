import { randomUUID } from 'node:crypto';
import type { LogEntry } from '../model/block-task.ts';
import { messageOf } from '../problem/wand-error.ts';
import type { Store } from '../store/open-store.ts';
import { type LastLines, type NumberedChunk, type StoredLine, storeChunk, storedLines } from '../store/queries/logs.ts';
import { isAway } from './database-away.ts';
import { type LogSpool, openSpool } from './log-spool.ts';

/** Lines wait at most this long (ms) before they are stored, so that a follower is at most as late. */
const flushAfter = 50;
/** A chunk is stored at once when it reaches this many characters; keeps a flood in a few statements. */
const flushAtCharacters = 256 * 1024;
/** What waits in memory for the database beyond this many characters goes to disk. */
const mostInMemory = 16 * 1024 * 1024;
/** Milliseconds between tries while the database is away. */
const tryAgainAfter = 250;
/** Milliseconds for the last lines of a worker that leaves. */
const lastTry = 1_000;

export type LogWriter = {
  write(entry: LogEntry): void;
  /**
   * Waits until what was handed over is stored, and answers the lines that are left, to be stored with the outcome. While the database is
   * away it waits, unless `leaving` aborts: then all that waits is on disk, where the next worker of this host finds it, and nothing is left.
   */
  close(leaving?: AbortSignal): Promise<LastLines | null>;
  /** What `close` has answered is known to be stored: `end` need not send it again. */
  forget(): void;
  /** Stores what is left too: what `close` has answered is sent again under its number, and so stored once. */
  end(leaving?: AbortSignal): Promise<void>;
};

/**
 * Collects the lines of one attempt and stores them in chunks, in order and each once. While the database is away, or if it is slower than
 * the block, chunks go to a spool on disk, and from there into the database as soon as it takes them.
 */
export const openLogWriter = (
  store: Store,
  place: { runId: string; block: string | null; attempt: number | null },
): LogWriter => {
  const writer = randomUUID();
  let lines: StoredLine[] = [];
  /** Answered by `close`, and not known to be stored. */
  let handed: LastLines | null = null;
  let characters = 0;
  let number = 0;
  let timer: NodeJS.Timeout | null = null;
  /** Chunks in memory, the first of them on its way. */
  const queue: Waiting[] = [];
  let queued = 0;
  let spool: LogSpool | null = null;
  let working: Promise<void> | null = null;
  let leaves = false;

  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (lines.length === 0) return;
    send(taken());
  };

  /** What has been written since, as the next chunk. */
  const taken = (): Waiting => {
    const waiting = { chunk: { ...place, writer, number, lines: storedLines(lines) }, characters };
    number += 1;
    lines = [];
    characters = 0;
    return waiting;
  };

  const send = (waiting: Waiting): void => {
    queue.push(waiting);
    queued += waiting.characters;
    if (spool || queued > mostInMemory) toDisk();
    working ??= work().finally(() => {
      working = null;
    });
  };

  /** What waits in memory goes to disk, and what comes after it too, until the database has taken it all. */
  const toDisk = (): void => {
    try {
      spool ??= openSpool(store.knownStateId()!, writer);
      for (let first = queue[0]; first; first = queue[0]) {
        spool.append(first.chunk);
        shift();
      }
    } catch (error) {
      // Without a place on disk it waits in memory.
      process.stderr.write(`wand worker: log lines cannot wait on disk: ${messageOf(error)}\n`);
    }
  };

  const shift = (): void => {
    queued -= queue.shift()?.characters ?? 0;
  };

  const work = async (): Promise<void> => {
    while (!leaves && (spool || queue.length > 0)) {
      try {
        if (spool) {
          await spool.deliver(store);
          if (spool.remove()) spool = null;
        } else await storeFirst(queue[0]!);
      } catch {
        toDisk();
        await pause(tryAgainAfter);
      }
    }
  };

  const storeFirst = async (first: Waiting): Promise<void> => {
    try {
      await storeChunk(store.pool, first.chunk);
    } catch (error) {
      if (isAway(error)) throw error;
      process.stderr.write(`wand worker: ${first.chunk.lines.length} log lines not stored: ${messageOf(error)}\n`);
    }
    // It may have gone to disk meanwhile: sent again from there it is stored once all the same.
    if (queue[0] === first) shift();
  };

  /** Waits until all chunks are stored; when the worker leaves, a moment longer, and leaves the rest on disk. */
  const settled = async (leaving: AbortSignal | undefined): Promise<void> => {
    const left = abortOf(leaving);
    while (working && !leaving?.aborted) await Promise.race([working, left]);
    if (!leaving?.aborted) return;
    flush();
    await Promise.race([working, pause(lastTry)]);
    if (!working) return;
    leaves = true;
    toDisk();
  };

  return {
    write: ({ level, source, text }) => {
      lines.push({ time: new Date().toISOString(), level, source, text });
      characters += text.length;
      if (characters >= flushAtCharacters || lines.length >= 5_000) flush();
      else timer ??= setTimeout(flush, flushAfter);
    },
    forget: () => {
      handed = null;
    },
    end: async (leaving) => {
      if (handed) send({ chunk: { ...place, ...handed }, characters: 0 });
      handed = null;
      flush();
      await settled(leaving);
    },
    close: async (leaving) => {
      if (timer) clearTimeout(timer);
      timer = null;
      await settled(leaving);
      if (leaving?.aborted || lines.length === 0) return null;
      handed = taken().chunk;
      return handed;
    },
  };
};

type Waiting = { chunk: NumberedChunk; characters: number };

const abortOf = (signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
