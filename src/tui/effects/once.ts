/** How long something that failed is left alone: doubled with each failure in a row. Milliseconds. */
const firstRest = 2_000;
const longestRest = 15_000;

type Work = () => Promise<void>;

/** Pieces of work by a key, one of each at a time. A work that is not wanted any more when its turn comes does nothing. */
export type Once = {
  /** Does it unless it is under way or rests after a failure. */
  ask(key: string, work: Work): Promise<void>;
  /** The same, and once more afterwards if it is under way, so that the last answer is not older than the last question. */
  refresh(key: string, work: Work): Promise<void>;
  /** What rests after a failure is done now: the cause may be gone. */
  hurry(): void;
  isBusy(): boolean;
  close(): void;
};

type Rest = { work: Work; timer: NodeJS.Timeout };

/** What failed is told, rests and is done again, until it succeeds; `recovered` is called when nothing is left that failed. */
export const createOnce = (failed: (error: unknown) => void, recovered: () => void): Once => {
  const running = new Map<string, Promise<void>>();
  /** The newest question of each key that came while an older one was being answered. */
  const again = new Map<string, Work>();
  const resting = new Map<string, Rest>();
  /** The rest before the work that is under way now. */
  const pauses = new Map<string, number>();
  let closed = false;

  const run = async (key: string, work: Work): Promise<void> => {
    let current = work;
    try {
      for (let next: Work | undefined = work; next && !closed; next = again.get(key)) {
        again.delete(key);
        current = next;
        await next();
      }
      running.delete(key);
      if (pauses.delete(key) && pauses.size === 0 && !closed) recovered();
    } catch (error) {
      running.delete(key);
      if (closed) return;
      rest(key, again.get(key) ?? current);
      failed(error);
    } finally {
      again.delete(key);
    }
  };

  const rest = (key: string, work: Work): void => {
    const pause = Math.min(longestRest, (pauses.get(key) ?? firstRest / 2) * 2);
    pauses.set(key, pause);
    const timer = setTimeout(() => wake(key), pause);
    timer.unref?.();
    resting.set(key, { work, timer });
  };

  const wake = (key: string): void => {
    const found = resting.get(key);
    if (!found) return;
    clearTimeout(found.timer);
    resting.delete(key);
    void start(key, found.work);
  };

  const start = (key: string, work: Work): Promise<void> => {
    const started = Promise.resolve().then(() => run(key, work));
    running.set(key, started);
    return started;
  };

  return {
    ask: (key, work) => {
      if (closed || resting.has(key)) return Promise.resolve();
      return running.get(key) ?? start(key, work);
    },
    refresh: (key, work) => {
      if (closed) return Promise.resolve();
      const rests = resting.get(key);
      if (rests) {
        rests.work = work;
        return Promise.resolve();
      }
      const current = running.get(key);
      if (current) again.set(key, work);
      return current ?? start(key, work);
    },
    hurry: () => {
      for (const key of [...resting.keys()]) wake(key);
    },
    isBusy: () => running.size > 0,
    close: () => {
      closed = true;
      for (const { timer } of resting.values()) clearTimeout(timer);
    },
  };
};
