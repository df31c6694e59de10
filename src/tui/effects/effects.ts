import { messageOf, WandError } from '../../problem/wand-error.ts';
import type { Trouble } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import type { RunProgram } from '../term/run-program.ts';
import type { PipelineReference, RerunRequest, WorkbenchSource } from '../workbench-source.ts';
import { createEdit } from './edit.ts';
import { followChanges } from './live.ts';
import { createLoader, type Loader } from './loader.ts';

/** What the workbench does beyond its own state; all of it through the source. Outcomes come back as events. */
export type Effects = {
  openPipeline(pipeline: PipelineReference, runId?: string): void;
  startRun(request: RerunRequest): void;
  cancelRun(runId: string): void;
  openTables(): void;
  /** Opens a file in the user's editor and reads the project again afterwards. */
  edit(file: string, line: number | null): void;
  /** ctrl-z: gives the terminal to the shell. */
  suspend(): void;
  close(): void;
};

export type Start = { project?: string; pipeline?: string; runId?: string };

/** What the terminal lends to effects. */
export type TerminalDoor = {
  environment: NodeJS.ProcessEnv;
  during(work: () => Promise<void>): Promise<void>;
  suspend(): Promise<void>;
  runProgram: RunProgram;
};

export const createEffects = (source: WorkbenchSource, store: Store, start: Start, terminal: TerminalDoor): Effects => {
  const loader = createLoader(source, store);
  const unfollow = followChanges(source, store, loader);
  const { dispatch } = store;
  let starting = false;

  const failed = (error: unknown): void => {
    const { message, fix } = troubleOf(error);
    dispatch({ type: 'status', status: { text: fix ? `${message}  ${fix}` : message, kind: 'error' } });
  };

  const effects: Effects = {
    openPipeline: (pipeline, runId) => dispatch({ type: 'pipelineOpened', pipeline, ...(runId ? { runId } : {}) }),
    startRun: (request) => {
      if (starting) return dispatch({ type: 'status', status: { text: 'a run is being started', kind: 'info' } });
      starting = true;
      source
        .startRun(request)
        .then((runId) => {
          dispatch({ type: 'runOpened', runId });
          dispatch({ type: 'status', status: { text: `run ${runId} started`, kind: 'info' } });
          loader.runs();
        })
        .catch(failed)
        .finally(() => {
          starting = false;
        });
    },
    cancelRun: (runId) => {
      dispatch({ type: 'status', status: { text: `cancelling run ${runId}`, kind: 'info' } });
      source.cancelRun(runId).catch(failed);
    },
    openTables: () => {
      const state = store.state();
      const projectPath = state.pipeline?.projectPath ?? state.instance?.projects[0]?.path;
      if (projectPath === undefined) return;
      const empty = { kind: 'tables', entries: null, trouble: null, filter: '', cursor: 0 } as const;
      dispatch({ type: 'dialog', dialog: empty });
      const answer = (entries: Awaited<ReturnType<typeof source.listTables>> | null, trouble: Trouble | null): void => {
        const { dialog } = store.state();
        if (dialog?.kind === 'tables') dispatch({ type: 'dialog', dialog: { ...dialog, entries, trouble } });
      };
      source.listTables(projectPath).then(
        (entries) => answer(entries, null),
        (error) => answer(null, troubleOf(error)),
      );
    },
    edit: createEdit(source, store, terminal),
    suspend: () => void terminal.suspend().catch(failed),
    close: () => {
      unfollow();
      loader.close();
    },
  };
  openAtStart(source, store, loader, effects, start);
  return effects;
};

/** Reads the project files and opens what was asked for, else the pipeline that ran last, else the first one. */
const openAtStart = (source: WorkbenchSource, store: Store, loader: Loader, effects: Effects, start: Start): void => {
  const read = source.readInstance().then(
    (instance) => store.dispatch({ type: 'instanceLoaded', instance }),
    (error) => store.dispatch({ type: 'trouble', trouble: troubleOf(error) }),
  );
  const latest = loader.latest();
  void read.then(async () => {
    const { instance } = store.state();
    if (!instance) return;
    const projects = instance.projects.filter(
      ({ uuid, path }) => !start.project || [uuid, path].includes(start.project),
    );
    const found = projects.find(({ pipelines }) => pipelines.some(({ uuid }) => uuid === start.pipeline));
    if (start.pipeline && found) {
      return effects.openPipeline({ projectPath: found.path, pipeline: start.pipeline }, start.runId);
    }
    if (start.runId && !start.pipeline) {
      const found = await source.snapshot(start.runId).catch(() => null);
      const run = found?.run;
      if (run?.pipeline) return effects.openPipeline({ projectPath: run.projectPath, pipeline: run.pipeline }, run.id);
    }
    if (start.pipeline) {
      const text = `there is no pipeline ${start.pipeline} here`;
      store.dispatch({ type: 'status', status: { text, kind: 'error' } });
    }
    const first = projects.find(({ pipelines }) => pipelines.length > 0) ?? instance.projects[0];
    await Promise.race([latest, patience()]);
    if (store.state().pipeline) return;
    const known = [...store.state().latest.values()].find((run) =>
      projects.some(
        ({ path, pipelines }) => path === run.projectPath && pipelines.some(({ uuid }) => uuid === run.pipeline),
      ),
    );
    if (known) effects.openPipeline({ projectPath: known.projectPath, pipeline: known.pipeline! });
    else if (first?.pipelines[0]) {
      effects.openPipeline({ projectPath: first.path, pipeline: first.pipelines[0].uuid });
    }
  });
};

/** How long the first screen waits for the database to say what ran last. */
const patience = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_500).unref());

export const troubleOf = (error: unknown): Trouble => {
  if (!(error instanceof WandError)) return { message: messageOf(error), fix: null };
  const place = error.file ? `${error.file}${error.line ? `:${error.line}` : ''}: ` : '';
  return { message: place + error.message, fix: error.fix ?? null };
};
