import { followCursor } from '../../../draw/window.ts';
import { paneInner } from '../../view/pane-size.ts';
import { rememberedLooks } from '../data-looks.ts';
import type { Reducer } from '../event.ts';
import { plainGraph } from '../graph-look.ts';
import { withKeptPlace } from '../kept.ts';
import { freshLogs } from '../log-state.ts';
import { emptyData, pipelineKey, type State } from '../state.ts';
import { treeCursor, treeRows } from '../tree-rows.ts';

/** The tree, and which pipeline is open. */
export const reduceProject: Reducer = (state, event) => {
  switch (event.type) {
    case 'instanceLoaded':
      return { ...state, instance: event.instance, trouble: null };
    case 'treeMoved':
      return moveTo(state, treeCursor(state) + event.by);
    case 'treeJumped':
      return moveTo(state, event.to === 'top' ? 0 : Number.MAX_SAFE_INTEGER);
    case 'treeFolded':
      return fold(state, event.project, event.folded);
    case 'pipelineOpened':
      return isShown(state, event) ? state : open(state, event);
    case 'placeRestored':
      return withKeptPlace(state, event.kept);
    default:
      return state;
  }
};

type Opened = { pipeline: NonNullable<State['pipeline']>; runId?: string };

/** Opening what is open already, at its newest run, takes nothing away. */
const isShown = (state: State, { pipeline, runId }: Opened): boolean =>
  runId === undefined &&
  state.pipeline !== null &&
  pipelineKey(state.pipeline) === pipelineKey(pipeline) &&
  state.runsLoaded &&
  (state.runs[0]?.id ?? null) === state.runId;

const open = (state: State, event: Opened): State => ({
  ...state,
  pipeline: event.pipeline,
  tree: { ...state.tree, cursor: pipelineKey(event.pipeline) },
  graphLook: plainGraph,
  runs: [],
  runsLoaded: false,
  runsCursor: 0,
  runId: event.runId ?? null,
  snapshot: null,
  block: null,
  blockChosen: false,
  // Who has gone to the lists meanwhile stays there.
  failureFirst: state.focus !== 'tree' && state.focus !== 'runs',
  logs: { ...freshLogs(state.logs), scope: 'run' },
  data: { ...emptyData, looks: rememberedLooks(state.data) },
  tab: state.tab === 'failure' ? 'logs' : state.tab,
  focus: state.focus === 'failure' ? 'graph' : state.focus,
});

const moveTo = (state: State, wanted: number): State => {
  const rows = treeRows(state);
  const index = Math.max(0, Math.min(rows.length - 1, wanted));
  const height = paneInner(state, 'tree').height;
  const top = followCursor(state.tree.top, height, index, rows.length);
  return { ...state, tree: { ...state.tree, cursor: rows[index]?.key ?? null, top } };
};

const fold = (state: State, project: string, folded: boolean): State => {
  const paths = new Set(state.tree.folded);
  if (folded) paths.add(project);
  else paths.delete(project);
  return { ...state, tree: { ...state.tree, folded: paths, cursor: project } };
};
