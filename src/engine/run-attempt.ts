import type { BlockResult } from '../model/block-task.ts';
import { messageOf } from '../problem/wand-error.ts';
import type { Store } from '../store/open-store.ts';
import { confirmStopped } from './cancel.ts';
import type { Claim } from './claim.ts';
import type { ExecutionPorts } from './execute-claim.ts';
import { finishAttempt } from './finish.ts';
import { openLogWriter } from './log-writer.ts';
import type { Queue } from './queue.ts';

export type ExecuteClaim = (claim: Claim, ports: ExecutionPorts) => Promise<BlockResult>;

export type AttemptRun = {
  claim: Claim;
  workerId: string;
  host: string;
  signal: AbortSignal;
  execute?: ExecuteClaim;
};

/** Executes a claimed attempt and ends it: log stored first, then the outcome, in the transaction that advances the run. */
export const runAttempt = async (store: Store, queue: Queue, attempt: AttemptRun): Promise<void> => {
  const { claim, workerId, host, signal } = attempt;
  const execute = attempt.execute ?? (await import('./execute-claim.ts')).executeClaim;
  const key = { runId: claim.runId, blockRunId: claim.blockRunId, attempt: claim.attempt, workerId, host };
  const log = openLogWriter(store, { runId: claim.runId, block: claim.uuid, attempt: claim.attempt });
  const result = await execute(claim, {
    store,
    signal,
    log: log.write,
    onProcess: (group) => recordProcess(store, key, group),
  });
  if (result.status === 'failed') {
    log.write({ level: 'error', source: 'wand', text: `${result.error.type}: ${result.error.message}` });
  }
  await log.close().catch((error) => process.stderr.write(`wand worker: log lines lost: ${messageOf(error)}\n`));
  // A worker that leaves gives its blocks back (`buryWorker`): their attempts stay as they are.
  if (signal.aborted && signal.reason === 'leaving') return;
  const finished = signal.aborted ? false : await withPatience(() => finishAttempt(store, queue, key, result));
  if (!finished) await confirmStopped(store, key).catch(() => {});
};

const recordProcess = async (
  store: Store,
  key: { blockRunId: string; attempt: number },
  group: { pgid: number; startTicks: string | null },
): Promise<void> => {
  await store.pool.query(
    'update wand.attempt set pgid = $3, start_ticks = $4 where block_run_id = $1 and attempt = $2',
    [key.blockRunId, key.attempt, group.pgid, group.startTicks],
  );
};

/** A restart of Postgres must not lose a block's result: tries for a minute; the fence makes a repeat harmless. */
const withPatience = async (finish: () => Promise<boolean>): Promise<boolean> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await finish();
    } catch (error) {
      if (tries >= 120) {
        process.stderr.write(`wand worker: a result could not be stored: ${messageOf(error)}\n`);
        return false;
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
};
