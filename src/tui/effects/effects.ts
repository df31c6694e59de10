import { isDeepStrictEqual } from 'node:util';
import { stoppedSentence } from '../../engine/client/stop-run.ts';
import { messageOf, WandError } from '../../problem/wand-error.ts';
import { commandLine, rerunLine } from '../state/command-line.ts';
import type { PlanEdit } from '../state/dialog.ts';
import { pipelineKey, type Trouble } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import type { Copied } from '../term/clipboard.ts';
import type { RunProgram } from '../term/run-program.ts';
import type { PipelineReference, RerunRequest, WorkbenchSource } from '../workbench-source.ts';
import { type CopyEffects, createCopy } from './copy.ts';
import { createDataEffects, type DataEffects } from './data-effects.ts';
import { createEdit } from './edit.ts';
import { keepCommands } from './keep-commands.ts';
import { followChanges } from './live.ts';
import { createLoader } from './loader.ts';
import { openAtStart, type Start } from './open-at-start.ts';
import { createPaletteOpener } from './palette.ts';
import { createPlanner } from './plan.ts';
import { createInputShower } from './show-input.ts';

/** What the workbench does beyond its own state; all of it through the source. Outcomes come back as events. */
export type Effects = CopyEffects & {
  openPipeline(pipeline: PipelineReference, runId?: string): void;
  startRun(request: RerunRequest): void;
  /** In the same run what did not complete, or `from` a block on. */
  retryRun(runId: string, from?: string): void;
  cancelRun(runId: string): void;
  openTables(): void;
  data: DataEffects;
  /** With something typed already. */
  openPalette(text?: string): void;
  /** The rows that the failed block worked on. */
  showInput(): void;
  /** Shows what a rerun would do; with a field of it open for editing. */
  openPlan(request: RerunRequest, field?: PlanEdit['field']): void;
  /** Opens a file in the user's editor and reads the project again afterwards. */
  edit(file: string, line: number | null): void;
  /** ctrl-z: gives the terminal to the shell. */
  suspend(): void;
  /** Reads the project files, where the first screen was made of what is kept of them. */
  confirmInstance(): void;
  /** The screen waits for an answer. */
  isBusy(): boolean;
  close(): void;
};

/** What the terminal lends to effects. */
export type TerminalDoor = {
  environment: NodeJS.ProcessEnv;
  during(work: () => Promise<void>): Promise<void>;
  suspend(): Promise<void>;
  runProgram: RunProgram;
  copyText(text: string): Promise<Copied>;
};

export const createEffects = (source: WorkbenchSource, store: Store, start: Start, terminal: TerminalDoor): Effects => {
  const loader = createLoader(source, store);
  const unfollow = followChanges(source, store, loader);
  const forget = keepCommands(source, store);
  const { dispatch } = store;
  let starting = false;

  const failed = (error: unknown): void => {
    const { message, fix } = troubleOf(error);
    dispatch({ type: 'status', status: { text: fix ? `${message}  ${fix}` : message, kind: 'error' } });
  };

  const data = createDataEffects(source, store);
  const commanded = (title: string, line: string): void =>
    dispatch({ type: 'commanded', time: Date.now(), title, line });

  const effects: Effects = {
    openPipeline: (pipeline, runId) => dispatch({ type: 'pipelineOpened', pipeline, ...(runId ? { runId } : {}) }),
    startRun: (request) => {
      if (starting) return dispatch({ type: 'status', status: { text: 'a run is being started', kind: 'info' } });
      starting = true;
      dispatch({ type: 'rerunAsked', request });
      commanded('run', `${rerunLine(store.state(), request)} --detach`);
      source
        .startRun(request)
        .then((runId) => {
          // Another pipeline may have been opened meanwhile: the run is not that one's.
          const { pipeline } = store.state();
          if (pipeline && pipelineKey(pipeline) === pipelineKey(request)) dispatch({ type: 'runOpened', runId });
          dispatch({ type: 'status', status: { text: `run ${runId} started`, kind: 'info' } });
          loader.runs();
        })
        .catch(failed)
        .finally(() => {
          starting = false;
        });
    },
    retryRun: (runId, from) => {
      commanded('retry', commandLine('wand', 'retry', runId, ...(from ? ['--from', from] : []), '--detach'));
      const what = from ? `retrying run ${runId} from ${from} on` : `retrying run ${runId}`;
      dispatch({ type: 'status', status: { text: what, kind: 'info' } });
      source
        .retryRun(runId, from)
        .then(() => loader.snapshot())
        .catch(failed);
    },
    cancelRun: (runId) => {
      commanded('cancel', commandLine('wand', 'cancel', runId));
      dispatch({ type: 'status', status: { text: `cancelling run ${runId}`, kind: 'info' } });
      source
        .cancelRun(runId)
        .then((stopped) => {
          const text = stopped.cancelled
            ? `run ${runId}: ${stoppedSentence(stopped)}`
            : `run ${runId} had ended already`;
          const kind = stopped.left.length > 0 ? 'error' : stopped.cancelled ? 'info' : 'warning';
          dispatch({ type: 'status', status: { text, kind } });
        })
        .catch(failed);
    },
    openTables: () => data.openTables(),
    openPalette: createPaletteOpener(source, store),
    showInput: createInputShower(store),
    openPlan: createPlanner(source, store),
    ...createCopy(source, store, terminal.copyText),
    data,
    edit: createEdit(source, store, terminal),
    suspend: () => void terminal.suspend().catch(failed),
    confirmInstance: () =>
      void source.readInstance().then((instance) => {
        if (!isDeepStrictEqual(instance, store.state().instance)) dispatch({ type: 'instanceLoaded', instance });
      }, failed),
    isBusy: loader.isBusy,
    close: () => {
      unfollow();
      forget();
      loader.close();
      data.stopConsole();
    },
  };
  openAtStart(source, store, loader, start);
  return effects;
};

export const troubleOf = (error: unknown): Trouble => {
  if (!(error instanceof WandError)) return { message: messageOf(error), fix: null };
  const place = error.file ? `${error.file}${error.line ? `:${error.line}` : ''}: ` : '';
  return { message: place + error.message, fix: error.fix ?? null };
};
