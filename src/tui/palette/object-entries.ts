import { ago, shortCount } from '../../draw/numbers.ts';
import type { Pipeline, Project } from '../../model/project.ts';
import type { Action, App } from '../keys/action.ts';
import { startOrAsk } from '../keys/actions/start-run.ts';
import { actions } from '../keys/actions.ts';
import { failedBlocks } from '../state/select.ts';
import { pipelineKey, type State } from '../state/state.ts';
import type { PipelineReference, RerunRequest, TableEntry } from '../workbench-source.ts';
import type { PaletteEntry } from './entry.ts';

/** Kept as long as what it is made of is the same: a keystroke must not build ten thousand entries. */
let last: { of: readonly unknown[]; entries: PaletteEntry[] } | undefined;

/** Pipelines, their blocks, runs and tables, and what can be done to them. */
export const objectEntries = (state: State, tables: readonly TableEntry[] | null): PaletteEntry[] => {
  const { instance, latest, runs, snapshot, pipeline, block, runId } = state;
  const of = [instance, latest, runs, snapshot, pipeline, block, runId, tables];
  if (last?.of.every((part, index) => part === of[index])) return last.entries;
  const entries = [
    ...(state.instance?.projects ?? []).flatMap((project) =>
      project.pipelines.flatMap((pipeline) => pipelineEntries(state, project, pipeline)),
    ),
    ...runEntries(state),
    ...(tables ?? []).map(tableEntry),
  ];
  last = { of, entries };
  return entries;
};

const actionOf = (id: string): Action | undefined => actions.find((action) => action.id === id);

const pipelineEntries = (state: State, project: Project, pipeline: Pipeline): PaletteEntry[] => {
  const reference: PipelineReference = { projectPath: project.path, pipeline: pipeline.uuid };
  const key = pipelineKey(reference);
  const isOpen = state.pipeline !== null && pipelineKey(state.pipeline) === key;
  const latest = state.latest.get(key);
  const broken = pipeline.problems.find(
    ({ severity, failsBlockOnly }) => severity === 'error' && !failsBlockOnly,
  )?.message;
  const when = latest
    ? `last ${latest.status} ${latest.finishedAt ? ago(state.now - Date.parse(latest.finishedAt)) : ''}`
    : 'never run';
  const name = nameOf(state, project, pipeline);
  const can = broken ? { disabled: `not now: ${broken}` } : {};
  const keyed = (id: string): Pick<PaletteEntry, 'action'> => {
    const action = isOpen ? actionOf(id) : undefined;
    return action ? { action } : {};
  };
  const on = isOpen && state.runId !== null ? { runId: state.runId } : {};
  const plan = (title: string, hint: string, request: RerunRequest, id?: string): PaletteEntry => ({
    title,
    hint,
    ...(id ? keyed(id) : {}),
    ...can,
    run: (app) => {
      if (!isOpen) app.effects.openPipeline(reference);
      app.effects.openPlan(request);
    },
  });
  const failed = !isOpen || failedBlocks(state).length > 0 ? {} : { disabled: 'not now: nothing failed' };
  return [
    {
      title: `run ${name}`,
      hint: `pipeline, ${when}`,
      ...keyed('run.start'),
      ...can,
      run: (app) => {
        if (!isOpen) app.effects.openPipeline(reference);
        startOrAsk(app, reference);
      },
    },
    ...pipeline.blocks.map(({ uuid }) =>
      plan(
        `run ${name} from ${uuid}`,
        'block',
        { ...reference, from: uuid, ...on },
        uuid === state.block ? 'run.from' : undefined,
      ),
    ),
    ...pipeline.blocks.map(({ uuid }) =>
      plan(
        `run ${name} up to ${uuid}`,
        'block',
        { ...reference, upto: uuid, ...on },
        uuid === state.block ? 'run.upto' : undefined,
      ),
    ),
    ...pipeline.blocks.map(({ uuid }) =>
      plan(
        `run ${name} only ${uuid}`,
        'block',
        { ...reference, block: uuid, ...on },
        uuid === state.block ? 'run.block' : undefined,
      ),
    ),
    {
      ...plan(
        `run ${name} failed blocks`,
        'what did not complete',
        { ...reference, failed: true, ...on },
        'run.failed',
      ),
      ...failed,
    },
    {
      title: `runs of ${name}`,
      hint: isOpen ? `${state.runs.length} runs` : 'history',
      run: (app) => {
        if (!isOpen) app.effects.openPipeline(reference);
        app.dispatch({ type: 'focused', pane: 'runs' });
      },
    },
    {
      title: `open ${name}`,
      hint: 'pipeline',
      run: (app) => {
        app.effects.openPipeline(reference);
        app.dispatch({ type: 'focused', pane: 'graph' });
      },
    },
    ...(isOpen ? blockEntries(pipeline) : []),
  ];
};

const nameOf = ({ instance }: State, project: Project, { uuid }: Pipeline): string => {
  const namesakes = (instance?.projects ?? []).filter(({ pipelines }) => pipelines.some((one) => one.uuid === uuid));
  return namesakes.length > 1 ? `${project.uuid}/${uuid}` : uuid;
};

const blockEntries = ({ blocks }: Pipeline): PaletteEntry[] =>
  blocks.flatMap(({ uuid }) =>
    (['logs', 'data', 'code', 'graph'] as const).map((pane) => ({
      title: `${pane === 'graph' ? 'block' : pane} ${pane === 'graph' ? '' : 'of '}${uuid}`,
      hint: 'block',
      run: ({ dispatch }: App) => {
        dispatch({ type: 'focused', pane, block: uuid });
      },
    })),
  );

const runEntries = ({ runs, now }: State): PaletteEntry[] =>
  runs.map((run) => ({
    title: `show run ${run.id}`,
    hint: `${run.status} ${ago(now - Date.parse(run.startedAt ?? run.createdAt))}`,
    run: ({ dispatch }) => {
      dispatch({ type: 'runOpened', runId: run.id });
      dispatch({ type: 'focused', pane: 'graph' });
    },
  }));

const tableEntry = (table: TableEntry): PaletteEntry => ({
  title: `table ${table.schema}.${table.table}`,
  hint: table.kind === 'view' ? 'view' : table.rowEstimate > 0 ? `~${shortCount(table.rowEstimate)} rows` : 'table',
  run: ({ dispatch }) => {
    dispatch({ type: 'tableChosen', table });
    dispatch({ type: 'focused', pane: 'data' });
  },
});
