import type { Store } from '../store/open-store.ts';
import { type Ending, type Finished, finishAttempts } from './finish.ts';
import type { Queue } from './queue.ts';

/** Ends of attempts that one transaction takes at most. */
const most = 32;

type Waiting = { ending: Ending; done: PromiseWithResolvers<Finished> };

const lines = new WeakMap<Store, { waiting: Waiting[]; busy: boolean }>();

/**
 * Ends an attempt. While one transaction is under way others that have ended wait for it, and then go together: a run's row is locked by each
 * of them anyway, and so they share one wait for the disk. Nobody waits for company that is not there.
 */
export const finishTogether = (store: Store, queue: Queue, ending: Ending): Promise<Finished> => {
  const line = lines.get(store) ?? { waiting: [], busy: false };
  lines.set(store, line);
  const done = Promise.withResolvers<Finished>();
  line.waiting.push({ ending, done });
  if (!line.busy) void serve(store, queue, line);
  return done.promise;
};

const serve = async (store: Store, queue: Queue, line: { waiting: Waiting[]; busy: boolean }): Promise<void> => {
  line.busy = true;
  while (line.waiting.length > 0) await finish(store, queue, line.waiting.splice(0, most));
  line.busy = false;
};

const finish = async (store: Store, queue: Queue, together: Waiting[]): Promise<void> => {
  // In one order everywhere, so that two workers do not wait for each other's runs.
  together.sort((one, other) => compare(one.ending.key.runId, other.ending.key.runId));
  try {
    const finished = await finishAttempts(
      store,
      queue,
      together.map(({ ending }) => ending),
    );
    for (const [at, { done }] of together.entries()) done.resolve(finished[at]!);
  } catch (error) {
    const [only] = together;
    if (together.length === 1) only!.done.reject(error);
    // What one of them cannot do must not keep the others.
    else for (const one of together) await finish(store, queue, [one]);
  }
};

const compare = (one: string, other: string): number => (BigInt(one) < BigInt(other) ? -1 : one === other ? 0 : 1);
