import { gridHeaderHeight } from '../../draw/grid.ts';
import { chunkRows, mostChunks } from '../state/reduce/data.ts';
import { mostLines } from '../state/reduce/logs.ts';
import { codeView, dataView, logKey } from '../state/select.ts';
import type { State } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { paneInner } from '../view/pane-size.ts';
import type { WorkbenchSource } from '../workbench-source.ts';
import { columnWidths } from './column-widths.ts';
import { troubleOf } from './effects.ts';
import { createFailureLoader } from './load-failure.ts';
import { createOnce } from './once.ts';

export type Loader = {
  latest(): Promise<void>;
  runs(): void;
  snapshot(): void;
  logTail(): void;
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
    () => sync(store.state()),
  );
  const syncFailure = createFailureLoader(source, store, once);
  /** Answers of the database mean that it is back. */
  const answered = (): void => {
    if (store.state().trouble && store.state().instance) dispatch({ type: 'trouble', trouble: null });
  };

  const latest = (): Promise<void> =>
    once('latest', async () => {
      const runs = await source.listRuns(null, mostRuns);
      answered();
      dispatch({ type: 'latestLoaded', runs });
    });

  const runs = (): void => {
    const { pipeline } = store.state();
    if (!pipeline) return;
    void once('runs', async () => {
      const found = await source.listRuns(pipeline, mostRuns);
      answered();
      dispatch({ type: 'runsLoaded', pipeline, runs: found });
    });
  };

  const snapshot = (): void => {
    const { runId } = store.state();
    if (runId === null) return;
    void once(`snapshot ${runId}`, async () => {
      const found = await source.snapshot(runId);
      answered();
      dispatch({ type: 'ticked', now: Date.now() });
      dispatch({ type: 'snapshotLoaded', snapshot: found });
    });
  };

  const logTail = (): void => {
    const { key } = store.state().logs;
    if (key === null) return;
    void once(`log ${key}`, async () => {
      const [runId, block] = JSON.parse(key) as [string, string | null];
      const { logs } = store.state();
      if (logs.key !== key) return;
      const { loaded, lastSequence: after } = logs;
      const query = loaded ? { block, after } : { block, after: 0, last: mostLines };
      const lines = await source.logLines(runId, query);
      dispatch({ type: 'logLoaded', key, lines, first: !loaded, cut: !loaded && lines.length >= mostLines });
    });
  };

  const sync = (state: State): void => {
    if (state.pipeline && !state.runsLoaded) runs();
    if (state.runId !== null && state.snapshot?.run.id !== state.runId) snapshot();
    const wantedLog = logKey(state);
    if (wantedLog !== state.logs.key) dispatch({ type: 'logOpened', key: wantedLog });
    else if (wantedLog !== null && !state.logs.loaded) logTail();
    syncFailure(state);
    if (state.tab === 'data') syncData(state);
    if (state.tab === 'code') syncCode(state);
  };

  const syncData = (state: State): void => {
    const view = dataView(state);
    if (view.key !== state.data.key) {
      dispatch({ type: 'dataOpened', key: view.key });
      return;
    }
    if (view.kind === 'none' || state.data.trouble) return;
    for (const chunk of wantedChunks(state)) {
      if (state.data.chunks.has(chunk)) continue;
      void once(`data ${view.key} ${chunk}`, async () => {
        const request = { offset: chunk * chunkRows, limit: chunkRows };
        try {
          const page =
            view.kind === 'table'
              ? await source.tablePage(
                  state.pipeline?.projectPath ?? state.instance!.projects[0]!.path,
                  state.data.table!,
                  request,
                )
              : await source.outputPage(view.runId, view.block, view.output.name, request);
          dispatch({ type: 'dataLoaded', key: view.key, chunk, page, widths: columnWidths(page) });
        } catch (error) {
          dispatch({ type: 'dataFailed', key: view.key, trouble: troubleOf(error) });
        }
      });
    }
  };

  const syncCode = (state: State): void => {
    const { file, line } = codeView(state);
    if (file !== state.code.file) {
      dispatch({ type: 'codeOpened', file });
      return;
    }
    if (file === null || state.code.lines.length > 0 || state.code.trouble) return;
    void once(`code ${file}`, async () => {
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
    runs,
    snapshot,
    logTail,
    isBusy: once.isBusy,
    close: () => {
      unsubscribe();
      once.close();
    },
  };
};

/** Chunks in view, never more than are held. */
const wantedChunks = (state: State): number[] => {
  const { data } = state;
  if (!data.loaded) return [0];
  const height = Math.max(1, paneInner(state, 'data').height - gridHeaderHeight);
  const first = Math.floor(data.top / chunkRows);
  const last = Math.floor(Math.min(Math.max(0, data.rowCount - 1), data.top + height - 1) / chunkRows);
  return Array.from({ length: Math.min(mostChunks, last - first + 1) }, (_, index) => first + index);
};
