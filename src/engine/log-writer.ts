import type { LogEntry } from '../model/block-task.ts';
import type { Store } from '../store/open-store.ts';
import { appendLog, type StoredLine } from '../store/queries/logs.ts';

/** Lines wait at most this long (ms) before they are stored, so that a follower is at most as late. */
const flushAfter = 50;
/** A chunk is stored at once when it reaches this many characters; keeps a flood in a few statements. */
const flushAtCharacters = 256 * 1024;

export type LogWriter = {
  write(entry: LogEntry): void;
  /**
   * Waits until what was handed over is stored, and answers the lines that are left, to be stored with the outcome. Rejects
   * if the database would not take some.
   */
  close(): Promise<StoredLine[]>;
};

/** Collects the lines of one attempt and stores them in batches, in order. */
export const openLogWriter = (
  store: Store,
  place: { runId: string; block: string | null; attempt: number | null },
): LogWriter => {
  let waiting: StoredLine[] = [];
  let characters = 0;
  let timer: NodeJS.Timeout | null = null;
  let stored: Promise<void> = Promise.resolve();
  let failure: unknown = null;

  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    const lines = waiting;
    waiting = [];
    characters = 0;
    if (lines.length === 0) return;
    stored = stored
      .then(() => appendWithPatience(store, { ...place, lines }))
      .catch((error) => {
        failure ??= error;
      });
  };

  return {
    write: ({ level, source, text }) => {
      waiting.push({ time: new Date().toISOString(), level, source, text });
      characters += text.length;
      if (characters >= flushAtCharacters || waiting.length >= 5_000) flush();
      else timer ??= setTimeout(flush, flushAfter);
    },
    close: async () => {
      if (timer) clearTimeout(timer);
      await stored;
      if (failure) throw failure;
      return waiting;
    },
  };
};

/** A database that is away for a moment loses no line: tries for half a minute. */
const appendWithPatience = async (store: Store, chunk: Parameters<typeof appendLog>[1]): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await appendLog(store.pool, chunk);
    } catch (error) {
      if (tries >= 60) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
};
