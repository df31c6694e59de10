import { ensureWorkerForOpenRuns } from '../engine/client/ensure-worker.ts';
import { type EngineClient, openClient } from '../engine/client/open-client.ts';
import { pruneCode } from '../engine/code/prune-code.ts';
import { shrinkWhenIdle } from '../engine/shrink-when-idle.ts';
import { startWorker, type Worker } from '../engine/worker.ts';
import { stopIfUnused } from '../postgres/embedded/stop.ts';
import { programVersion } from './program-version.ts';

/** A background worker that wand started leaves after this long without work. Milliseconds. */
const leaveAfter = 60_000;

/** How long a worker that is asked to leave (SIGTERM) waits for its blocks: `WAND_DRAIN` seconds, else 30. */
const drainFor = (): number => {
  const seconds = Number(process.env.WAND_DRAIN || 30);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : 30_000;
};

/**
 * Serves the shared queue until a signal, the loss of its session, or (supervised) idleness. SIGTERM lets the blocks under way end, up to a
 * limit, and takes no new ones; a second signal, SIGINT or SIGUSR2 gives them back to others at once. Answers the exit code.
 */
export const serve = async ({
  concurrency,
  tags,
  supervised,
}: {
  concurrency: number;
  tags: string[];
  supervised: boolean;
}): Promise<number> => {
  const client = await openClient({ max: concurrency + 3, applicationName: 'wand worker' });
  const worker = await startWorker(client.store, await client.queue(), {
    concurrency,
    foreground: false,
    tags,
    version: programVersion(),
  });
  shrinkWhenIdle(worker);
  forgetOldCode(client);
  if (!supervised) process.stderr.write(`wand worker ${worker.id}: ${concurrency} blocks at once; ctrl-c stops it\n`);
  const reason = await Promise.race([
    signalled(),
    worker.failed.then(() => 'lost' as const),
    supervised ? idle(worker) : never,
  ]);
  if (reason === 'lost') {
    process.stderr.write('wand worker: the database is out of reach; leaving\n');
    return 3;
  }
  await leave(worker, reason);
  // A run may have come while we were leaving: somebody must take it.
  if (reason === 'idle') await ensureWorkerForOpenRuns(client).catch(() => {});
  await client.close();
  if (supervised) await stopIfUnused().catch(() => {});
  return 0;
};

type Reason = 'idle' | 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGUSR2';

const leave = async (worker: Worker, reason: Reason): Promise<void> => {
  if (reason !== 'SIGTERM') return worker.stop(reason === 'idle' ? 'drain' : 'kill');
  if (worker.busy() > 0) process.stderr.write(`wand worker: leaving when its ${worker.busy()} blocks are done\n`);
  const drained = worker.stop('drain').then(() => true);
  const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), drainFor()).unref());
  if (await Promise.race([drained, late, signalled().then(() => false)])) return;
  process.stderr.write('wand worker: its blocks are given back to other workers\n');
  await worker.stop('kill');
};

/** When there is time: some seconds after the start, then daily. */
const forgetOldCode = (client: EngineClient): void => {
  const prune = (): void => void pruneCode(client.store).catch(() => {});
  setTimeout(prune, 30_000).unref();
  setInterval(prune, 86_400_000).unref();
};

const signalled = (): Promise<Exclude<Reason, 'idle'>> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2'] as const)
      process.once(signal, () => resolve(signal));
  });

/** Resolves when the worker had nothing to do for long; the timer alone keeps no process alive. */
const idle = (worker: Worker): Promise<'idle'> =>
  new Promise((resolve) => {
    const timer = setInterval(() => {
      if (worker.idleFor() < leaveAfter) return;
      clearInterval(timer);
      resolve('idle');
    }, 1_000);
    timer.unref();
  });

const never = new Promise<never>(() => {});
