import type { Kept } from '../state/kept.ts';
import type { Store } from '../state/store.ts';
import type { PipelineReference, WorkbenchSource } from '../workbench-source.ts';
import { troubleOf } from './effects.ts';
import type { Loader } from './loader.ts';

/** What to open first: names as the command line has them, and what the last workbench kept. */
export type Start = { project?: string; pipeline?: string; runId?: string; kept?: Partial<Kept> };

/** Reads the project files and opens what was asked for, else where the last workbench was left, else the pipeline that ran last, else the first one. */
export const openAtStart = (source: WorkbenchSource, store: Store, loader: Loader, start: Start): void => {
  const { kept = {} } = start;
  const open = (pipeline: PipelineReference, runId?: string): void => {
    store.dispatch({ type: 'pipelineOpened', pipeline, ...(runId ? { runId } : {}) });
    store.dispatch({ type: 'placeRestored', kept });
  };
  const read = source.readInstance({ mayBeKept: true }).then(
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
      return open({ projectPath: found.path, pipeline: start.pipeline }, start.runId);
    }
    if (start.runId && !start.pipeline) {
      const found = await source.snapshot(start.runId).catch(() => null);
      const run = found?.run;
      if (run?.pipeline) return open({ projectPath: run.projectPath, pipeline: run.pipeline }, run.id);
    }
    if (start.pipeline) {
      const text = `there is no pipeline ${start.pipeline} here`;
      store.dispatch({ type: 'status', status: { text, kind: 'error' } });
    }
    const left = projects.find(({ path }) => path === kept.pipeline?.projectPath);
    if (left?.pipelines.some(({ uuid }) => uuid === kept.pipeline?.pipeline)) return open(kept.pipeline!);
    const first = projects.find(({ pipelines }) => pipelines.length > 0) ?? instance.projects[0];
    await Promise.race([latest, patience()]);
    if (store.state().pipeline) return;
    const known = [...store.state().latest.values()].find((run) =>
      projects.some(
        ({ path, pipelines }) => path === run.projectPath && pipelines.some(({ uuid }) => uuid === run.pipeline),
      ),
    );
    if (known) open({ projectPath: known.projectPath, pipeline: known.pipeline! });
    else if (first?.pipelines[0]) {
      open({ projectPath: first.path, pipeline: first.pipelines[0].uuid });
    }
  });
};

/** How long the first screen waits for the database to say what ran last. */
const patience = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_500).unref());
