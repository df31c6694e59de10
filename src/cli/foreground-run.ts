import { cancelRun } from '../engine/cancel.ts';
import { ensureWorker, ensureWorkerForOpenRuns } from '../engine/client/ensure-worker.ts';
import { waitForRun } from '../engine/client/follow.ts';
import type { EngineClient } from '../engine/client/open-client.ts';
import { runIsOver } from '../engine/client/run-is-over.ts';
import { type RunRequest, startRun } from '../engine/client/start-run.ts';
import { defaultConcurrency, startWorker } from '../engine/worker.ts';
import type { RunSnapshot } from '../model/run.ts';
import { messageOf, WandError } from '../problem/wand-error.ts';
import { readSnapshot } from '../store/queries/read-runs.ts';
import { programVersion } from './program-version.ts';
import { type Progress, progressOn } from './progress/progress.ts';
import { keepWhileSuspended } from './suspend.ts';

export type ForegroundRun = { snapshot: RunSnapshot; interrupted: boolean };

/**
 * Runs in this process, which owns the run: only its worker takes the blocks, with the caller's environment. A background worker is there
 * beforehand, to take over if this process dies. The first ctrl-c cancels and waits; a second one leaves at once. Ctrl-z suspends it with its run.
 */
export const runInForeground = (client: EngineClient, request: RunRequest): Promise<ForegroundRun> =>
  inForeground(client, (owner) => startRun(client, { ...request, owner }));

/** The same for a run that `begin` submits, or opens again, for the worker it is given; it answers the run's id. */
export const inForeground = async (
  client: EngineClient,
  begin: (owner: string) => Promise<string>,
): Promise<ForegroundRun> => {
  const queue = await client.queue();
  const worker = await startWorker(client.store, queue, {
    concurrency: defaultConcurrency(),
    foreground: true,
    version: programVersion(),
  });
  const interrupts = watchInterrupts();
  const progress = progressOn(process.stderr);
  const letGo = keepWhileSuspended(worker, progress.say);
  try {
    const id = await begin(worker.id);
    // After the submit, so that the first block does not wait for a process to start.
    const takeover = ensureWorker(client);
    interrupts.onFirst(() => {
      progress.say('cancelling (ctrl-c again leaves at once)');
      void cancelRun(client.store, id);
    });
    const snapshot = await show(client, id, progress);
    await takeover;
    return { snapshot, interrupted: interrupts.happened() };
  } finally {
    interrupts.stop();
    letGo();
    await worker.stop('drain');
    // Runs that this one has started and did not wait for are everybody's now.
    await ensureWorkerForOpenRuns(client).catch((error: unknown) =>
      process.stderr.write(`wand: no background worker could be started for other runs: ${messageOf(error)}\n`),
    );
  }
};

/** Shows progress until the run has ended and its callbacks are called. */
const show = async (client: EngineClient, id: string, progress: Progress): Promise<RunSnapshot> => {
  let latest: RunSnapshot | null = null;
  await waitForRun(client.store, id, async () => {
    latest = await readSnapshot(client.store.pool, id);
    if (!latest) throw new WandError('run-gone', `run ${id} is gone from the state database`, { exitCode: 1 });
    progress.update(latest);
    return { ended: await runIsOver(client, latest.run) };
  });
  progress.end(latest!);
  return latest!;
};

const watchInterrupts = () => {
  let count = 0;
  let first = (): void => {};
  const onInterrupt = (): void => {
    count += 1;
    if (count > 1) process.exit(130);
    first();
  };
  process.on('SIGINT', onInterrupt);
  return {
    onFirst: (action: () => void) => {
      first = action;
      if (count > 0) action();
    },
    happened: () => count > 0,
    stop: () => void process.off('SIGINT', onInterrupt),
  };
};
