import type { RunSnapshot } from '../../../model/run.ts';
import type { Reducer } from '../event.ts';
import { shownRuns } from '../list-filters.ts';
import { freshLogs } from '../log-state.ts';
import { pipelineKey, type State } from '../state.ts';
import { isTab } from './screen.ts';

/** Runs, the shown run's snapshot, and which of its blocks is selected. */
export const reduceRun: Reducer = (state, event) => {
  switch (event.type) {
    case 'latestLoaded':
      return { ...state, latest: latestOf(event.runs) };
    case 'runsLoaded':
      return runsLoaded(state, event);
    case 'runsMoved': {
      const last = Math.max(0, shownRuns(state).length - 1);
      return { ...state, runsCursor: Math.max(0, Math.min(last, state.runsCursor + event.by)) };
    }
    case 'runOpened':
      return { ...openRun(state, event.runId), failureFirst: true };
    case 'failureVisited':
      return visitFailure(state, event.runId);
    case 'snapshotLoaded':
      return event.snapshot.run.id === state.runId ? withSnapshot(state, event.snapshot) : state;
    case 'focused':
      return focused(state, event);
    case 'blockSelected':
      return selectBlock({ ...state, blockChosen: true }, event.block, 'block');
    case 'blockReleased':
      return { ...state, blockChosen: false, logs: { ...state.logs, scope: 'run' } };
    default:
      return state;
  }
};

const focused = (state: State, { pane, block }: { pane: State['focus']; block?: string }): State => {
  const gone = pane === 'graph' ? state : { ...state, failureFirst: false };
  return block === undefined ? gone : selectBlock({ ...gone, blockChosen: true }, block, 'block');
};

const latestOf = (runs: readonly State['runs'][number][]): State['latest'] => {
  const latest = new Map<string, State['runs'][number]>();
  for (const run of runs) {
    if (run.pipeline === null) continue;
    const key = pipelineKey({ projectPath: run.projectPath, pipeline: run.pipeline });
    if (!latest.has(key)) latest.set(key, run);
  }
  return latest;
};

const runsLoaded: (state: State, event: Pick<State, 'runs'> & { pipeline: NonNullable<State['pipeline']> }) => State = (
  state,
  { pipeline, runs },
) => {
  if (!state.pipeline || pipelineKey(state.pipeline) !== pipelineKey(pipeline)) return state;
  // The cursor stays on its run when newer ones push it down.
  const under = shownRuns(state)[state.runsCursor]?.id;
  const loaded = { ...state, runs, runsLoaded: true };
  const moved = shownRuns(loaded).findIndex(({ id }) => id === (under ?? state.runId));
  const next = { ...loaded, runsCursor: Math.max(0, moved) };
  return next.runId === null && runs[0] ? openRun(next, runs[0].id) : next;
};

const openRun = (state: State, runId: string): State => {
  if (runId === state.runId && state.snapshot) return state;
  const at = shownRuns(state).findIndex(({ id }) => id === runId);
  return {
    ...state,
    runId,
    runsCursor: at === -1 ? state.runsCursor : at,
    snapshot: null,
    blockChosen: false,
    logs: { ...freshLogs(state.logs), scope: 'run' },
    tab: state.tab === 'failure' ? 'logs' : state.tab,
    focus: state.focus === 'failure' ? 'graph' : state.focus,
  };
};

/** The failure of the selected block in another run; the reader chose it, so that another one that failed does not come first. */
const visitFailure = (state: State, runId: string): State => {
  const { logs, ...opened } = openRun(state, runId);
  return { ...opened, blockChosen: true, tab: 'failure', focus: 'failure', logs: { ...logs, scope: 'block' } };
};

/** A run that failed shows its failure first, unless the reader has gone elsewhere in it. */
const withSnapshot = (state: State, snapshot: RunSnapshot): State => {
  const next = withRun({ ...state, snapshot, failureFirst: false }, snapshot.run);
  const failed = snapshot.blocks.find(({ status }) => status === 'failed');
  const wasFailed = state.snapshot?.blocks.some(({ status }) => status === 'failed') ?? false;
  if (failed && !wasFailed && !state.blockChosen) {
    const onFailure = selectBlock(next, failed.uuid, 'run');
    // Opened as it is: the failure comes first and has the keys. Who watched it fail keeps them where they are.
    if (state.failureFirst) return showFailure({ ...onFailure, focus: 'logs' });
    return isReading(state) ? onFailure : showFailure(onFailure);
  }
  if (next.block && snapshot.blocks.some(({ uuid }) => uuid === next.block)) return withoutOldFailure(next);
  const first = snapshot.blocks[0]?.uuid;
  return first ? selectBlock(next, first, 'run') : next;
};

/** Retried in place, here or elsewhere: what failed does not any more. */
const withoutOldFailure = (state: State): State => {
  const block = state.snapshot?.blocks.find(({ uuid }) => uuid === state.block);
  if (state.tab !== 'failure' || block?.error) return state;
  return { ...state, tab: 'logs', focus: state.focus === 'failure' ? 'graph' : state.focus };
};

/** Somebody is in the rows or in the code: they are not taken away. */
const isReading = ({ focus }: State): boolean => isTab(focus) && focus !== 'logs' && focus !== 'failure';

/** The lists show the same state as the snapshot, without another query. */
const withRun = (state: State, run: RunSnapshot['run']): State => {
  const runs = state.runs.map((other) => (other.id === run.id ? run : other));
  if (run.pipeline === null) return { ...state, runs };
  const key = pipelineKey({ projectPath: run.projectPath, pipeline: run.pipeline });
  const latest = state.latest.get(key);
  if (latest && latest.id !== run.id) return { ...state, runs };
  return { ...state, runs, latest: new Map(state.latest).set(key, run) };
};

const showFailure = (state: State): State => ({
  ...state,
  tab: 'failure',
  focus: state.focus === 'logs' ? 'failure' : state.focus,
});

const selectBlock = (state: State, block: string, scope: State['logs']['scope']): State => {
  // A table, or an answer of the console, gives way to a block that the reader chooses, not to one that the screen does.
  const stays = scope === 'run' || state.block === block;
  const data = { ...state.data, output: 0, ...(stays ? {} : { table: null, query: null }) };
  const next = { ...state, block, data, logs: { ...state.logs, scope } };
  const failed = state.snapshot?.blocks.some(({ uuid, status }) => uuid === block && status === 'failed') ?? false;
  if (failed && next.tab === 'logs' && scope === 'block') return showFailure(next);
  if (!failed && next.tab === 'failure') {
    return { ...next, tab: 'logs', focus: next.focus === 'failure' ? 'logs' : next.focus };
  }
  return next;
};
