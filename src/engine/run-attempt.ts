import type { BlockResult } from '../model/block-task.ts';
import { messageOf } from '../problem/wand-error.ts';
import type { Store } from '../store/open-store.ts';
import { confirmStopped } from './cancel.ts';
import type { Claim } from './claim.ts';
import type { ExecutionPorts } from './execute-claim.ts';
import { type Finished, finishAttempt } from './finish.ts';
import { openLogWriter } from './log-writer.ts';
import type { Queue } from './queue.ts';

export type ExecuteClaim = (claim: Claim, ports: ExecutionPorts) => Promise<BlockResult>;

export type AttemptRun = {
  claim: Claim;
  workerId: string;
  host: string;
  signal: AbortSignal;
  mayGoOn(): boolean;
  /** Called when the answer to a commit was lost, so that what it claimed is looked for. */
  onUncertain(): void;
  execute?: ExecuteClaim;
};

/**
 * Executes a claimed attempt and ends it: log stored first, then the outcome, in the transaction that advances the run. Answers
 * the block that transaction claimed to go on with, if `mayGoOn` at that moment.
 */
export const runAttempt = async (store: Store, queue: Queue, attempt: AttemptRun): Promise<Claim | null> => {
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
  if (signal.aborted && signal.reason === 'leaving') return null;
  const finished = signal.aborted
    ? notAccepted
    : await withPatience(
        () => finishAttempt(store, queue, key, result, { goOn: attempt.mayGoOn() }),
        attempt.onUncertain,
      );
  if (!finished.accepted) await confirmStopped(store, key).catch(() => {});
  return finished.next;
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

const notAccepted: Finished = { accepted: false, next: null };

/** A restart of Postgres must not lose a block's result: tries for a minute; the fence makes a repeat harmless. */
const withPatience = async (finish: () => Promise<Finished>, onUncertain: () => void): Promise<Finished> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await finish();
    } catch (error) {
      onUncertain();
      if (tries >= 120) {
        process.stderr.write(`wand worker: a result could not be stored: ${messageOf(error)}\n`);
        return notAccepted;
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
};
