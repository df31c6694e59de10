import { shownRuns } from '../../state/list-filters.ts';
import { treeCursor, treeRows } from '../../state/tree-rows.ts';
import type { Action } from '../action.ts';
import { listKeys } from './list-keys.ts';

export const treeActions: readonly Action[] = [
  ...listKeys('tree', 'row', ({ dispatch }, by) => dispatch({ type: 'treeMoved', by })),
  {
    id: 'tree.open',
    title: 'open',
    help: 'Open the pipeline, or fold the project',
    keys: ['enter', 'l', 'right'],
    context: 'tree',
    footer: 0,
    run: ({ state, dispatch, effects }) => {
      const row = treeRows(state())[treeCursor(state())];
      if (row?.kind === 'project') dispatch({ type: 'treeFolded', project: row.key, folded: !row.folded });
      if (row?.kind !== 'pipeline') return;
      effects.openPipeline({ projectPath: row.project.path, pipeline: row.pipeline.uuid });
      dispatch({ type: 'focused', pane: 'graph' });
    },
  },
  {
    id: 'tree.fold',
    title: 'fold',
    help: 'Fold the project',
    keys: ['h', 'left'],
    context: 'tree',
    run: ({ state, dispatch }) => {
      const row = treeRows(state())[treeCursor(state())];
      if (row) dispatch({ type: 'treeFolded', project: row.project.path, folded: true });
    },
  },
  {
    id: 'tree.filter',
    title: 'filter',
    help: 'Show only pipelines that fit what you type: part of a name, state:failed, dur>5m, -project:old',
    keys: ['/'],
    context: 'tree',
    footer: 5,
    run: ({ state, dispatch }) => {
      const before = state().tree.filter;
      dispatch({ type: 'input', input: { pane: 'tree', text: before, before } });
    },
  },
];

export const runsActions: readonly Action[] = [
  ...listKeys('runs', 'run', ({ dispatch }, by) => dispatch({ type: 'runsMoved', by })),
  {
    id: 'runs.open',
    title: 'open',
    help: 'Show this run in the graph, the log and the data',
    keys: ['enter', 'l', 'right'],
    context: 'runs',
    footer: 0,
    when: (state) =>
      shownRuns(state).length > 0 ? true : state.runs.length > 0 ? 'no run fits the filter' : 'there are no runs yet',
    run: ({ state, dispatch }) => {
      dispatch({ type: 'runOpened', runId: shownRuns(state())[state().runsCursor]!.id });
      dispatch({ type: 'focused', pane: 'graph' });
    },
  },
  {
    id: 'runs.filter',
    title: 'filter',
    help: 'Show only runs that fit what you type: state:failed, dur>5m, age<1d, var:source',
    keys: ['/'],
    context: 'runs',
    footer: 5,
    run: ({ state, dispatch }) => {
      const before = state().runsFilter;
      dispatch({ type: 'input', input: { pane: 'runs', text: before, before } });
    },
  },
];
