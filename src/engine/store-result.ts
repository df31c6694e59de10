import { messageOf } from '../problem/wand-error.ts';
import type { Store } from '../store/open-store.ts';
import { isAway } from './database-away.ts';
import { endRun, type Finished, notAccepted, type Outcome } from './finish.ts';
import type { AttemptRun } from './run-attempt.ts';

export type Stored = {
  finished: Finished;
  /** Why the result could not be stored, for the log. */
  problem: string | null;
};

export const notTried: Stored = { finished: notAccepted, problem: null };

/** Milliseconds. */
const tryAgainAfter = 250;
/** Refusals of a result after which a failure is stored in its place, and of that after which the run is ended without. */
const mostRefusals = 20;

/**
 * Ends an attempt by `finish`, which is given an outcome if it is to store another one than the block's own. A database that is away must not
 * lose a block's result: tries until it is back, or until the worker leaves; the fence makes a repeat harmless. A result that the
 * database refuses for what it is becomes a failure that says so.
 */
export const storeResult = async (
  store: Store,
  attempt: AttemptRun,
  finish: (instead: Outcome | null) => Promise<Finished>,
): Promise<Stored> => {
  const { signal, claim, onUncertain } = attempt;
  let instead: Outcome | null = null;
  let problem: string | null = null;
  for (let refusals = 0; ; ) {
    try {
      return { finished: await finish(instead), problem };
    } catch (error) {
      onUncertain();
      if (!isAway(error)) refusals += 1;
      if (refusals >= mostRefusals) {
        problem ??= refusal(error);
        instead = notStored(problem);
      }
      if (refusals >= 2 * mostRefusals || isLeaving(signal)) {
        process.stderr.write(`wand worker: a result could not be stored: ${messageOf(error)}\n`);
        // Else the block would be running for ever, with nobody who runs it.
        if (!isLeaving(signal)) await endRun(store.pool, claim.runId, 'failed').catch(() => false);
        return { finished: notAccepted, problem };
      }
      await new Promise((resolve) => setTimeout(resolve, tryAgainAfter));
    }
  }
};

const refusal = (error: unknown): string => `the state database refused the block's result: ${messageOf(error)}`;

const notStored = (message: string): Outcome => ({
  status: 'failed',
  error: { type: 'result-not-stored', message, file: null, line: null, traceback: null },
  outputs: [],
  tests: [],
  retry: null,
});

/** The worker goes, and what it was at goes to others. */
export const isLeaving = (signal: AbortSignal): boolean => signal.aborted && signal.reason === 'leaving';
