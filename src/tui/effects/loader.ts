import { codeView, logKey } from '../state/select.ts';
import { pipelineKey, type State } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import type { WorkbenchSource } from '../workbench-source.ts';
import { createDataLoader } from './data-loader.ts';
import { troubleOf } from './effects.ts';
import { createFailureLoader } from './load-failure.ts';
import { createLogLoader } from './load-logs.ts';
import { createPastLoader } from './load-past.ts';
import { createOnce } from './once.ts';

export type Loader = {
  latest(): Promise<void>;
  runs(): void;
  snapshot(): void;
  logTail(): void;
  /** Asks again at once for what could not be read. */
  hurry(): void;
  /** Something that was asked for has not been answered yet. */
  isBusy(): boolean;
  close(): void;
};

const mostRuns = 200;

/** Fetches what the screen needs and does not have; called again after every change of the state. */
export const createLoader = (source: WorkbenchSource, store: Store): Loader => {
  const { dispatch } = store;
  const once = createOnce(
    (error) => dispatch({ type: 'trouble', trouble: troubleOf(error) }),
    () => {
      if (store.state().trouble && store.state().instance) dispatch({ type: 'trouble', trouble: null });
    },
  );
  const logs = createLogLoader(source, store, once);
  const syncPast = createPastLoader(source, store, once);
  const syncFailure = createFailureLoader(source, store, once);

  const latest = (): Promise<void> =>
    once.refresh('latest', async () => dispatch({ type: 'latestLoaded', runs: await source.listRuns(null, mostRuns) }));

  const runs = (how: 'ask' | 'refresh'): void => {
    const { pipeline } = store.state();
    if (!pipeline) return;
    void once[how](`runs ${pipelineKey(pipeline)}`, async () => {
      const { pipeline: now } = store.state();
      if (!now || pipelineKey(now) !== pipelineKey(pipeline)) return;
      dispatch({ type: 'runsLoaded', pipeline, runs: await source.listRuns(pipeline, mostRuns) });
    });
  };

  const snapshot = (how: 'ask' | 'refresh'): void => {
    const { runId } = store.state();
    if (runId === null) return;
    void once[how](`snapshot ${runId}`, async () => {
      if (store.state().runId !== runId) return;
      const found = await source.snapshot(runId);
      dispatch({ type: 'ticked', now: Date.now() });
      dispatch({ type: 'snapshotLoaded', snapshot: found });
    });
  };

  const sync = (state: State): void => {
    if (state.pipeline && !state.runsLoaded) runs('ask');
    if (state.runId !== null && state.snapshot?.run.id !== state.runId) snapshot('ask');
    const wantedLog = logKey(state);
    if (wantedLog !== state.logs.key) dispatch({ type: 'logOpened', key: wantedLog });
    else logs.sync(state);
    syncFailure(state);
    syncPast(state);
    if (state.tab === 'data') syncData(state);
    if (state.tab === 'code') syncCode(state);
  };

  const syncData = createDataLoader(source, store, once);

  const syncCode = (state: State): void => {
    const { file, line } = codeView(state);
    if (file !== state.code.file) {
      dispatch({ type: 'codeOpened', file });
      return;
    }
    if (file === null || state.code.lines.length > 0 || state.code.trouble) return;
    void once.ask(`code ${file}`, async () => {
      if (store.state().code.file !== file) return;
      try {
        dispatch({ type: 'codeLoaded', file, text: await source.readCode(file), line });
      } catch (error) {
        dispatch({ type: 'codeFailed', file, trouble: troubleOf(error) });
      }
    });
  };

  const unsubscribe = store.subscribe((state) => sync(state));
  return {
    latest,
    runs: () => runs('refresh'),
    snapshot: () => snapshot('refresh'),
    logTail: logs.tail,
    hurry: once.hurry,
    isBusy: () => once.isBusy() || syncData.isBusy(),
    close: () => {
      unsubscribe();
      syncData.close();
      once.close();
    },
  };
};
