import { ensureWorkerForOpenRuns } from '../engine/client/ensure-worker.ts';
import { openClient } from '../engine/client/open-client.ts';
import { shrinkWhenIdle } from '../engine/shrink-when-idle.ts';
import { startWorker, type Worker } from '../engine/worker.ts';
import { stopIfUnused } from '../postgres/embedded/stop.ts';
import { programVersion } from './program-version.ts';

/** A background worker that wand started leaves after this long without work. Milliseconds. */
const leaveAfter = 60_000;

/** Serves the shared queue until a signal, the loss of its session, or (supervised) idleness. Answers the exit code. */
export const serve = async ({
  concurrency,
  supervised,
}: {
  concurrency: number;
  supervised: boolean;
}): Promise<number> => {
  const client = await openClient({ max: concurrency + 3, applicationName: 'wand worker' });
  const worker = await startWorker(client.store, await client.queue(), {
    concurrency,
    foreground: false,
    version: programVersion(),
  });
  shrinkWhenIdle(worker);
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
  await worker.stop(reason === 'idle' ? 'drain' : 'kill');
  // A run may have come while we were leaving: somebody must take it.
  if (reason === 'idle') await ensureWorkerForOpenRuns(client).catch(() => {});
  await client.close();
  if (supervised) await stopIfUnused().catch(() => {});
  return 0;
};

const signalled = (): Promise<'signal'> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve('signal'));
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
