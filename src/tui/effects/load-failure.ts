import { type FailureCode, failureKey } from '../state/failure-state.ts';
import type { State } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import type { WorkbenchSource } from '../workbench-source.ts';
import type { Once } from './once.ts';

/** Newest lines that are fetched of a failed block's log; the pane shows fewer and counts these. */
const mostLogLines = 2_000;

/** Fetches what the failure pane shows: attempts, similar failures, the end of the log, the code. Answers the step to call after every change. */
export const createFailureLoader =
  (source: WorkbenchSource, { dispatch, state: now }: Store, once: Once) =>
  (state: State): void => {
    if (state.tab !== 'failure') return;
    const key = failureKey(state);
    if (key !== state.failure.key) {
      dispatch({ type: 'failureOpened', key });
      return;
    }
    if (key === null || state.failure.loaded) return;
    const [runId, block] = JSON.parse(key) as [string, string];
    void once.ask(`failure ${key}`, async () => {
      if (failureKey(now()) !== key) return;
      const [attempts, similar, log] = await Promise.all([
        source.attempts(runId, block),
        source.similarFailures(runId, block),
        source.logLines(runId, { block, after: 0, last: mostLogLines }),
      ]);
      const files = new Set(attempts.flatMap(({ error }) => (error?.file ? [error.file] : [])));
      const code = new Map<string, FailureCode>();
      for (const file of files) {
        const found = await source.codeOfRun(runId, block, file).catch(() => null);
        if (!found) continue;
        const { text, ofRun } = found;
        const onDisk = ofRun ? await source.readCode(file).catch(() => null) : text;
        code.set(file, { lines: text.split(/\r?\n/), ofRun, changed: onDisk !== text });
      }
      dispatch({ type: 'failureLoaded', key, attempts, similar, log, code });
    });
  };
