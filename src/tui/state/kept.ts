import type { TableEntry } from '../workbench-source.ts';
import { keptLooks, readLooks } from './data-looks.ts';
import { emptyData } from './data-state.ts';
import { type Splits, splitsOf } from './splits.ts';
import { type PaneId, pipelineKey, type State, type Tab } from './state.ts';

/**
 * What a workbench finds again at its next start: the place it was left at, and how its panes were set. JSON; read back with care, since
 * another version or another program may have written it.
 */
export type Kept = {
  version: 1;
  pipeline: State['pipeline'];
  block: string | null;
  focus: PaneId;
  tab: Tab;
  table: TableEntry | null;
  splits: Splits;
  graphView: State['graphView'];
  /** By the pipeline's key. */
  graphFolds: Readonly<Record<string, readonly string[]>>;
  /** Of the terminal used last: its theme is right from the first picture on. */
  background: State['background'];
  folded: readonly string[];
  treeFilter: string;
  runsFilter: string;
  filters: State['filters'];
  logs: Pick<State['logs'], 'wrap' | 'time' | 'folded'>;
  /** How rows were looked at: order, condition, hidden columns. */
  looks: ReturnType<typeof keptLooks>;
};

export const keptOf = ({
  pipeline,
  block,
  focus,
  tab,
  data,
  splits,
  graphView,
  graphFolds,
  background,
  tree,
  runsFilter,
  filters,
  logs,
}: State): Kept => ({
  version: 1,
  pipeline,
  block,
  // The failure of a run that is not the last any more is no place to come back to.
  focus: focus === 'failure' ? 'graph' : focus,
  tab: tab === 'failure' ? 'logs' : tab,
  table: data.table,
  splits,
  graphView,
  graphFolds: Object.fromEntries(graphFolds),
  background,
  folded: [...tree.folded],
  treeFilter: tree.filter,
  runsFilter,
  filters,
  logs: { wrap: logs.wrap, time: logs.time, folded: logs.folded },
  looks: keptLooks(data),
});

/** The parts that are what they should be; anything else is left out. */
export const readKept = (value: unknown): Partial<Kept> => {
  if (!isRecord(value) || value.version !== 1) return {};
  const kept: Partial<Kept> = {};
  const { pipeline, table } = value;
  if (isRecord(pipeline) && isText(pipeline.projectPath) && isText(pipeline.pipeline))
    kept.pipeline = { projectPath: pipeline.projectPath, pipeline: pipeline.pipeline };
  if (isText(value.block)) kept.block = value.block;
  if (isOneOf(panes, value.focus)) kept.focus = value.focus;
  if (isOneOf(tabs, value.tab)) kept.tab = value.tab;
  if (isTable(table)) kept.table = table;
  kept.looks = keptLooks({ ...emptyData, looks: readLooks(value.looks) });
  if (isOneOf(graphViews, value.graphView)) kept.graphView = value.graphView;
  if (isRecord(value.splits)) kept.splits = splitsOf(value.splits);
  if (isRecord(value.graphFolds)) kept.graphFolds = foldsOf(value.graphFolds);
  if (isOneOf(['dark', 'light'] as const, value.background)) kept.background = value.background;
  if (Array.isArray(value.folded)) kept.folded = value.folded.filter(isText);
  if (isText(value.treeFilter)) kept.treeFilter = value.treeFilter;
  if (isText(value.runsFilter)) kept.runsFilter = value.runsFilter;
  if (isRecord(value.filters)) kept.filters = filtersOf(value.filters);
  if (isRecord(value.logs)) kept.logs = logLookOf(value.logs);
  return kept;
};

/** How the panes were set: what needs no pipeline. */
export const withKeptPanes = (state: State, kept: Partial<Kept>): State => ({
  ...state,
  focus: kept.focus ?? state.focus,
  tab: kept.tab ?? state.tab,
  splits: kept.splits ?? state.splits,
  graphView: kept.graphView ?? state.graphView,
  graphFolds: new Map(Object.entries(kept.graphFolds ?? {})),
  background: state.background ?? kept.background ?? null,
  tree: { ...state.tree, folded: new Set(kept.folded ?? []), filter: kept.treeFilter ?? '' },
  runsFilter: kept.runsFilter ?? '',
  filters: kept.filters ?? state.filters,
  logs: { ...state.logs, ...kept.logs },
  data: { ...state.data, looks: readLooks(kept.looks) },
});

/** The place inside the pipeline that was open; nothing where another one is open now. */
export const withKeptPlace = (state: State, kept: Partial<Kept>): State => {
  if (!kept.pipeline || !state.pipeline || pipelineKey(kept.pipeline) !== pipelineKey(state.pipeline)) return state;
  return { ...state, block: kept.block ?? null, data: { ...state.data, table: kept.table ?? null } };
};

const tabs = ['logs', 'data', 'code', 'time', 'details'] as const;
const panes = ['tree', 'graph', 'runs', ...tabs] as const;
const logTimes = ['clock', 'since', 'none'] as const;
const graphViews = ['auto', 'boxes', 'stacked', 'rails'] as const;

const filtersOf = ({ tree, runs, logs, logFilter }: Record<string, unknown>): State['filters'] => {
  const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter(isText).slice(0, 100) : []);
  return { tree: texts(tree), runs: texts(runs), logs: texts(logs), logFilter: texts(logFilter) };
};

const logLookOf = ({ wrap, time, folded }: Record<string, unknown>): Kept['logs'] => ({
  wrap: wrap === true,
  time: isOneOf(logTimes, time) ? time : 'clock',
  folded: folded !== false,
});

const foldsOf = (value: Record<string, unknown>): Kept['graphFolds'] =>
  Object.fromEntries(
    Object.entries(value).flatMap(([key, folders]) => (Array.isArray(folders) ? [[key, folders.filter(isText)]] : [])),
  );

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';
const isOneOf = <T extends string>(known: readonly T[], value: unknown): value is T =>
  (known as readonly unknown[]).includes(value);
const isTable = (value: unknown): value is TableEntry =>
  isRecord(value) &&
  isText(value.profile) &&
  isText(value.schema) &&
  isText(value.table) &&
  isOneOf(['table', 'view'], value.kind) &&
  Number.isFinite(value.rowEstimate) &&
  Number.isFinite(value.bytes);
