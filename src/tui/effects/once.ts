/** How long something that failed is left alone. */
const retryAfter = 2_000;

export type Once = ((key: string, work: () => Promise<void>) => Promise<void>) & { isBusy(): boolean; close(): void };

/**
 * Runs one piece of work per key at a time. Asked again while it runs, it runs once more afterwards, so that the last
 * answer is not older than the last question. What failed waits two seconds, then `retry` is called.
 */
export const createOnce = (failed: (error: unknown) => void, retry: () => void): Once => {
  const running = new Map<string, Promise<void>>();
  /** The newest question of each key that came while an older one was being answered. */
  const again = new Map<string, () => Promise<void>>();
  const resting = new Map<string, NodeJS.Timeout>();
  let closed = false;

  const run = async (key: string, work: () => Promise<void>): Promise<void> => {
    try {
      for (let next: typeof work | undefined = work; next && !closed; next = again.get(key)) {
        again.delete(key);
        await next();
      }
    } catch (error) {
      if (closed) return;
      const timer = setTimeout(() => {
        resting.delete(key);
        retry();
      }, retryAfter);
      timer.unref?.();
      resting.set(key, timer);
      failed(error);
    } finally {
      running.delete(key);
      again.delete(key);
    }
  };

  const once = (key: string, work: () => Promise<void>): Promise<void> => {
    if (closed || resting.has(key)) return Promise.resolve();
    const current = running.get(key);
    if (current) {
      again.set(key, work);
      return current;
    }
    const started = Promise.resolve().then(() => run(key, work));
    running.set(key, started);
    return started;
  };

  const close = (): void => {
    closed = true;
    for (const timer of resting.values()) clearTimeout(timer);
  };
  return Object.assign(once, { isBusy: () => running.size > 0, close });
};
