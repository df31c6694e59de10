import type { Attempt, BlockRun, LogLine, SimilarFailure } from '../../model/run.ts';
import { blockRun } from './select.ts';
import type { State } from './state.ts';

/** What the failure pane shows beyond the snapshot: fetched for one block of one run. */
export type FailureState = {
  /** Run, block and attempts so far; null before the first. */
  key: string | null;
  loaded: boolean;
  attempts: readonly Attempt[];
  /** Other runs that failed in the same way. */
  similar: readonly SimilarFailure[];
  /** Newest lines of the block's log, of all attempts. */
  log: readonly LogLine[];
  /** Text of the files that errors name, as the run used them where that is known. */
  code: ReadonlyMap<string, FailureCode>;
  /** Number of the attempt on show; null is the latest. */
  shown: number | null;
};

/** `ofRun`: as the run used it, else as it is now. `changed`: the file is not as the run used it any more. */
export type FailureCode = { lines: readonly string[]; ofRun: boolean; changed: boolean };

export const emptyFailure: FailureState = {
  key: null,
  loaded: false,
  attempts: [],
  similar: [],
  log: [],
  code: new Map(),
  shown: null,
};

/** Key of the failure on show; null where the selected block has not failed. */
export const failureKey = (state: State): string | null => {
  const block = blockRun(state, state.block);
  return block?.error ? JSON.stringify([block.runId, block.uuid, block.attempt]) : null;
};

/** The attempt on show, as the store has it or as the snapshot tells until that has come. */
export const shownAttempt = (state: State, block: BlockRun): Attempt => {
  const { failure } = state;
  const attempts = failure.key === failureKey(state) ? failure.attempts : [];
  const latest: Attempt = {
    attempt: block.attempt,
    status: 'failed',
    worker: block.worker ?? '',
    host: '',
    startedAt: block.startedAt ?? '',
    finishedAt: block.finishedAt,
    error: block.error,
  };
  return attempts.find(({ attempt }) => attempt === failure.shown) ?? attempts.at(-1) ?? latest;
};
