import type { AttemptResult } from '../model/block-task.ts';
import type { BlockError } from '../model/run.ts';
import { quoteLiteral } from '../postgres/identifiers.ts';
import { messageOf } from '../problem/wand-error.ts';
import type { Store } from '../store/open-store.ts';
import type { LastLines } from '../store/queries/logs.ts';
import { confirmStopped } from './cancel.ts';
import type { Claim } from './claim.ts';
import { crashPoint } from './crash-point.ts';
import { untilThere } from './database-away.ts';
import type { ExecutionPorts } from './execute-claim.ts';
import { type Finished, notAccepted, type Outcome } from './finish.ts';
import { finishTogether } from './finish-together.ts';
import { openLogWriter } from './log-writer.ts';
import type { Queue } from './queue.ts';
import { nextDelay, retryPolicy } from './retry.ts';
import { isLeaving, notTried, storeResult } from './store-result.ts';

export type ExecuteClaim = (claim: Claim, ports: ExecutionPorts) => Promise<AttemptResult>;

export type AttemptRun = {
  claim: Claim;
  workerId: string;
  host: string;
  /** Aborts with `stopped` (the run has ended) or `leaving` (the worker goes and gives the block back). */
  signal: AbortSignal;
  mayGoOn(): boolean;
  /** Called when the answer to a commit was lost, so that what it claimed is looked for. */
  onUncertain(): void;
  /** The block only waits, or works again: a slot is not needed meanwhile. */
  onWaiting?(waiting: boolean): void;
  execute?: ExecuteClaim;
};

/**
 * Executes a claimed attempt and ends it: its last log lines and the outcome are stored in the transaction that advances the run. Answers what
 * became of it, with the block that transaction claimed to go on with.
 */
export const runAttempt = async (store: Store, queue: Queue, attempt: AttemptRun): Promise<Finished> => {
  const { claim, workerId, host, signal } = attempt;
  const key = { runId: claim.runId, blockRunId: claim.blockRunId, attempt: claim.attempt, workerId, host };
  const log = openLogWriter(store, { runId: claim.runId, block: claim.uuid, attempt: claim.attempt });
  crashPoint('claimed', claim);
  const result = await executeInTime(attempt, { store, queue }, log.write).catch(internalFailure);
  crashPoint('executed', claim);
  if (result.status === 'failed' && !signal.aborted) {
    // A server's DETAIL and HINT stand on lines of their own.
    for (const text of `${result.error.type}: ${result.error.message}`.split('\n')) {
      log.write({ level: 'error', source: 'wand', text });
    }
  }
  const lines = await log.close(leavingOf(signal));
  // A worker that leaves gives its blocks back (`buryWorker`): their attempts stay as they are.
  if (isLeaving(signal)) return notAccepted;
  const { finished, problem } = signal.aborted
    ? notTried
    : await storeResult(store, attempt, (instead) =>
        finishTogether(store, queue, {
          key,
          claim,
          outcome: instead ?? outcomeOf(claim, result, lines),
          goOn: attempt.mayGoOn(),
        }),
      );
  crashPoint('finished', claim);
  if (finished.accepted && problem === null) log.forget();
  else {
    if (problem !== null) log.write({ level: 'error', source: 'wand', text: problem });
    await log.end(leavingOf(signal));
  }
  if (!finished.accepted) {
    await untilThere(
      () => confirmStopped(store, key),
      () => isLeaving(signal),
    ).catch(() => {});
  }
  return finished;
};

/** A mistake of ours is the block's failure, and not the end of the worker and all beside it. */
const internalFailure = (error: unknown): AttemptResult => ({
  status: 'failed',
  error: {
    type: 'internal',
    message: messageOf(error),
    file: null,
    line: null,
    traceback: error instanceof Error ? (error.stack ?? null) : null,
  },
  outputs: [],
  tests: [],
});

/** Within the block's `timeout` (seconds, mage-format.md 8.7): after it the block is stopped and has failed. */
const executeInTime = async (
  { claim, signal, onWaiting, execute: given }: AttemptRun,
  { store, queue }: { store: Store; queue: Queue },
  log: ExecutionPorts['log'],
): Promise<AttemptResult> => {
  const execute = given ?? (await import('./execute-claim.ts')).executeClaim;
  const { timeout } = claim.definition;
  const inTime = timeout === null ? null : AbortSignal.timeout(Math.min(longestTimer, Math.ceil(timeout * 1_000)));
  const result = await execute(claim, {
    store,
    queue,
    onWaiting,
    signal: inTime ? AbortSignal.any([signal, inTime]) : signal,
    log,
    onProcess: (group) =>
      untilThere(
        () => recordProcess(store, claim, group),
        () => signal.aborted,
      ),
  });
  if (!inTime?.aborted || signal.aborted || result.status !== 'failed' || mayBeDone(result.error)) return result;
  return { status: 'failed', error: timedOut(claim), outputs: [], tests: [] };
};

/** A timer of Node fires at once beyond this. Milliseconds: 24.8 days. */
const longestTimer = 2 ** 31 - 1;

/** The block's effect may be there: what came of it is looked up before it is done again. */
const mayBeDone = ({ type }: BlockError): boolean => type === 'commit-unknown' || type === 'server-restarted';

const timedOut = ({ definition }: Claim): BlockError => ({
  type: 'timeout',
  message: `not done after ${definition.timeout} s: it was stopped`,
  file: definition.file,
  line: null,
  traceback: null,
  fix: 'give it more time (`timeout` of the block, in seconds), or less to do',
});

/** A block that takes the database server down each time is not tried for ever. */
const mostLost = 4;

const outcomeOf = (claim: Claim, result: AttemptResult, lines: LastLines | null): Outcome => {
  if (result.status !== 'failed') return { ...result, lines };
  if (mayBeDone(result.error) && claim.lostAttempts.length < mostLost)
    return { status: 'lost', error: result.error, lines };
  const policy = retryPolicy(claim.definition.retryConfig, claim.settings.retries);
  return { ...result, lines, retry: nextDelay(policy, claim.failures + 1) };
};

/**
 * Seen by others at once, and not waited for on the disk (1 ms of a block's 6): a server that crashes and forgets it takes the worker's lock
 * away too, and a worker on its feet still knows its child.
 */
const recordProcess = async (
  store: Store,
  { blockRunId, attempt }: Claim,
  { pgid, startTicks }: { pgid: number; startTicks: string | null },
): Promise<void> => {
  const ticks = startTicks === null ? 'null' : quoteLiteral(startTicks);
  await store.pool.query(
    `begin; set local synchronous_commit = off;
     update wand.attempt set pgid = ${Math.trunc(pgid)}, start_ticks = ${ticks}
     where block_run_id = ${BigInt(blockRunId)} and attempt = ${Math.trunc(attempt)};
     commit`,
  );
};

/** Aborts when the worker leaves, not when the run is stopped. */
const leavingOf = (signal: AbortSignal): AbortSignal => {
  const leaving = new AbortController();
  const tell = (): void => {
    if (isLeaving(signal)) leaving.abort();
  };
  if (signal.aborted) tell();
  else signal.addEventListener('abort', tell, { once: true });
  return leaving.signal;
};
