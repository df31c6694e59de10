import type pg from 'pg';
import type { DynamicChild, ResourceUsage } from '../model/block-task.ts';
import type { StoredOutput } from '../model/output.ts';
import type { BlockError, TestResult } from '../model/run.ts';
import type { Store } from '../store/open-store.ts';
import { type StoredLine, storedLines } from '../store/queries/logs.ts';
import { inTransaction } from '../store/transaction.ts';
import { type Claim, claimFrom, type RawClaim } from './claim.ts';
import { type Offer, ownerQueue, type Queue, sharedQueue } from './queue.ts';

/** Who says that an attempt ended: only the worker that holds it may (the fence). */
export type AttemptKey = { runId: string; blockRunId: string; attempt: number; workerId: string; host: string };

export type Outcome = { lines?: StoredLine[]; usage?: ResourceUsage | null } & (
  | {
      status: 'completed';
      rows: number | null;
      outputs: StoredOutput[];
      tests: TestResult[];
      /** Block runs that this one stands for. */
      children?: DynamicChild[];
    }
  | { status: 'condition_failed' }
  /** Nobody knows whether the data was committed: the next attempt finds out by the marker. */
  | { status: 'lost'; error: BlockError }
  | {
      status: 'failed';
      error: BlockError;
      outputs: StoredOutput[];
      tests: TestResult[];
      /** Seconds until the next attempt; null to give up. */
      retry: number | null;
    }
);

/** What became of a finished attempt, and the block this worker goes on with. */
export type Finished = {
  /** False if the attempt was no longer this worker's: then nothing was changed. */
  accepted: boolean;
  next: Claim | null;
  /** Job that `next` made superfluous. */
  stale: string | null;
  /** The run has ended by it: one that waits for its end may begin. */
  ended: boolean;
};

export const notAccepted: Finished = { accepted: false, next: null, stale: null, ended: false };

type Advanced = {
  accepted: boolean;
  owner: string | null;
  offers: Offer[];
  retry?: number | null;
  next?: RawClaim | null;
  stale?: string | null;
  ended?: boolean;
};

/**
 * Ends an attempt and advances the run, in one transaction: finish the attempt, store its outputs and last lines, mark the block, free its
 * children and offer those that became ready, or end the run as Mage does after a failure (`wand.advance`). With `goOn` the
 * same statement claims the next block of the run for this worker, so that it costs no trip through the queue.
 */
export const finishAttempt = (
  store: Store,
  queue: Queue,
  key: AttemptKey,
  outcome: Outcome,
  { goOn = false } = {},
): Promise<Finished> =>
  inTransaction(store.pool, async (client) => {
    const advanced = await advance(client, key, outcome, goOn);
    if (!advanced.accepted) return notAccepted;
    const queueName = advanced.owner ? ownerQueue(advanced.owner) : sharedQueue;
    await queue.enqueue(client, queueName, advanced.offers, advanced.retry ?? undefined);
    return {
      accepted: true,
      next: advanced.next ? claimFrom(advanced.next) : null,
      stale: advanced.stale ?? null,
      ended: advanced.ended ?? false,
    };
  });

const advance = async (
  client: pg.ClientBase,
  { blockRunId, attempt, workerId, host }: AttemptKey,
  outcome: Outcome,
  goOn: boolean,
): Promise<Advanced> => {
  const { rows } = await client.query<{ advanced: Advanced }>({
    name: 'advance',
    text: 'select wand.advance($1, $2, $3, $4, $5, $6) as advanced',
    values: [
      blockRunId,
      attempt,
      workerId,
      host,
      JSON.stringify({ ...outcome, lines: storedLines(outcome.lines ?? []) }),
      goOn,
    ],
  });
  return rows[0]!.advanced;
};

/** Ends a run before its blocks are done: what has not ended becomes cancelled, and workers are told to stop (decisions.md 11). */
export const endRun = async (
  client: pg.ClientBase | pg.Pool,
  runId: string,
  status: 'failed' | 'cancelled',
): Promise<boolean> => {
  const { rows } = await client.query<{ ended: boolean }>('select wand.end_run($1, $2) as ended', [runId, status]);
  return rows[0]?.ended ?? false;
};
