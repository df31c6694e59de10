import { ago, shortCount } from '../../draw/numbers.ts';
import type { Pipeline, Project } from '../../model/project.ts';
import type { Action, App } from '../keys/action.ts';
import { actions, contextNames } from '../keys/actions.ts';
import { dialogContexts } from '../keys/keymap.ts';
import type { PaletteDialog } from '../state/dialog.ts';
import { blockRun, failedBlocks } from '../state/select.ts';
import { type PaneId, pipelineKey, type State } from '../state/state.ts';
import type { PipelineReference, RerunRequest, TableEntry } from '../workbench-source.ts';
import { fuzzyScore } from './fuzzy.ts';

/** What the palette offers: an action of the table, or something done to a pipeline, a block, a run, a table. */
export type PaletteEntry = {
  /** What one types to find it, and what is shown. */
  title: string;
  /** What it is about: `pipeline`, `12 runs`. */
  hint: string;
  /** The action that a key would run for the same; shows its key. */
  action?: Action;
  /** Why not now. */
  disabled?: string;
  run(app: App): void;
};

const mostShown = 200;

/** Entries that fit what was typed, best first; with nothing typed the actions of this place. */
export const paletteEntries = (state: State, { text, tables }: PaletteDialog): PaletteEntry[] => {
  const typed = text.replace(/^\s*:/, '');
  const all = [...actionEntries(state), ...objectEntries(state, tables)];
  if (typed.trim() === '') return all.slice(0, mostShown);
  return all
    .flatMap((entry) => {
      const score = fuzzyScore(typed, entry.title);
      return score === null ? [] : [{ entry, score: score + likelihood(entry) }];
    })
    .sort((one, other) => other.score - one.score)
    .slice(0, mostShown)
    .map(({ entry }) => entry);
};

/** Of two that fit alike the one that can be done, and has a key, is meant. */
const likelihood = ({ action, disabled }: PaletteEntry): number => (action ? 2 : 0) - (disabled === undefined ? 0 : 6);

/** This pane's actions, those that work everywhere, and those of other panes, which go there first. Steps by one row are for fingers only. */
const actionEntries = (state: State): PaletteEntry[] =>
  actions
    .filter((action) => !dialogContexts.includes(action.context) && !isStep(action.id) && action.id !== 'palette.open')
    .filter(({ id, context }) => context === state.focus || !isEnd(id))
    .sort((one, other) => place(one, state) - place(other, state))
    .map((action) => {
      const pane = action.context === 'global' ? state.focus : (action.context as PaneId);
      const away = pane !== state.focus;
      const reason = away && pane === 'failure' ? hasFailed(state) : true;
      const when = reason === true ? (action.when?.({ ...state, focus: pane }) ?? true) : reason;
      return {
        title: sentence(action.help),
        hint: away ? contextNames[action.context].toLowerCase() : '',
        action,
        ...(when === true ? {} : { disabled: when }),
        run: (app) => {
          if (away) app.dispatch({ type: 'focused', pane });
          action.run(app);
        },
      };
    });

const hasFailed = (state: State): true | string =>
  blockRun(state, state.block)?.error ? true : 'the selected block has not failed';

/** What the footer shows comes first, then what works in this pane, everywhere, elsewhere. */
const place = ({ context, footer }: Action, { focus }: State): number => {
  const where = context === focus ? 0 : context === 'global' ? 1 : 2;
  return where === 2 ? 1_000 : (footer ?? 100) + where;
};

const isStep = (id: string): boolean => /\.(down|up|left|right|half-down|half-up|page-down|page-up)$/.test(id);

const isEnd = (id: string): boolean => /\.(top|bottom|first|last)$/.test(id);

const sentence = (help: string): string => help.charAt(0).toLowerCase() + help.slice(1);

/** Kept as long as what it is made of is the same: a keystroke must not build ten thousand entries. */
let last: { of: readonly unknown[]; entries: PaletteEntry[] } | undefined;

const objectEntries = (state: State, tables: readonly TableEntry[] | null): PaletteEntry[] => {
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
        app.effects.startRun(reference);
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
