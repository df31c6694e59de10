import type pg from 'pg';
import type { DynamicChild, ResourceUsage } from '../model/block-task.ts';
import type { StoredOutput } from '../model/output.ts';
import type { BlockError, TestResult } from '../model/run.ts';
import type { Store } from '../store/open-store.ts';
import type { LastLines } from '../store/queries/logs.ts';
import { inTransaction } from '../store/transaction.ts';
import type { Claim, NextClaim } from './claim.ts';
import { type Offer, ownerQueue, type Queue, sharedQueue } from './queue.ts';

/** Who says that an attempt ended: only the worker that holds it may (the fence). */
export type AttemptKey = { runId: string; blockRunId: string; attempt: number; workerId: string; host: string };

export type Outcome = { lines?: LastLines | null; usage?: ResourceUsage | null } & (
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
  next?: NextClaim | null;
  stale?: string | null;
  ended?: boolean;
};

/** An attempt that has ended, on its way into the store. */
export type Ending = {
  key: AttemptKey;
  claim: Claim;
  outcome: Outcome;
  /** Claim the next block of the run for this worker. */
  goOn: boolean;
};

/**
 * Ends attempts and advances their runs, in one transaction: finish each attempt, store its outputs and last lines, mark the block, free its
 * children and offer those that became ready, or end the run as Mage does after a failure (`wand.advance`). With `goOn` the
 * same statement claims the next block of the run for this worker, so that it costs no trip through the queue. Where nothing is to be offered,
 * as in a chain, that one statement is all there is to it.
 */
export const finishAttempts = async (store: Store, queue: Queue, endings: Ending[]): Promise<Finished[]> => {
  if (endings.some(makesOffers)) return finishAndOffer(store, queue, endings);
  try {
    return (await advanceAll(store.pool, endings, true)).map((one, at) => finishedFrom(one, endings[at]!));
  } catch (error) {
    if ((error as { code?: string }).code !== somethingToEnqueue) throw error;
    return finishAndOffer(store, queue, endings);
  }
};

const somethingToEnqueue = 'WA001';

/** One that many wait for is likely to make several ready, which other workers are to be told of. */
const makesOffers = ({ outcome, claim }: Ending): boolean =>
  outcome.status === 'lost' ||
  (outcome.status === 'failed' && outcome.retry !== null) ||
  (outcome.status === 'completed' && (claim.downstream > 1 || (outcome.children ?? []).length > 0));

const finishAndOffer = (store: Store, queue: Queue, endings: Ending[]): Promise<Finished[]> =>
  inTransaction(store.pool, async (client) => {
    const all = await advanceAll(client, endings, false);
    for (const { accepted, owner, offers, retry } of all) {
      if (accepted) await queue.enqueue(client, owner ? ownerQueue(owner) : sharedQueue, offers, retry ?? undefined);
    }
    return all.map((one, at) => finishedFrom(one, endings[at]!));
  });

const finishedFrom = (advanced: Advanced, { claim }: Ending): Finished =>
  advanced.accepted
    ? {
        accepted: true,
        next: advanced.next ? { ...claim, ...advanced.next } : null,
        stale: advanced.stale ?? null,
        ended: advanced.ended ?? false,
      }
    : notAccepted;

const advanceAll = async (client: pg.ClientBase | pg.Pool, endings: Ending[], alone: boolean): Promise<Advanced[]> => {
  const items = endings.map(
    ({ key: { blockRunId, attempt, workerId, host }, outcome: { lines, ...outcome }, goOn }) => ({
      block: blockRunId,
      attempt,
      worker: workerId,
      host,
      outcome: { ...outcome, writer: lines?.writer, number: lines?.number, lines: lines?.lines },
      goOn,
    }),
  );
  const { rows } = await client.query<{ all: Advanced[] }>({
    name: 'advance_all',
    text: 'select wand.advance_all($1, $2) as all',
    values: [JSON.stringify(items), alone],
  });
  return rows[0]!.all;
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
