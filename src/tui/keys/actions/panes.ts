import { type Direction, neighbour } from '../../../draw/graph/navigate.ts';
import { railsOf } from '../../../draw/graph/rails-view.ts';
import { failedBlocks } from '../../state/select.ts';
import type { PaneId, State } from '../../state/state.ts';
import { treeCursor, treeRows } from '../../state/tree-rows.ts';
import { graphView } from '../../view/graph-view.ts';
import { paneInner } from '../../view/pane-size.ts';
import { currentCell } from '../../view/panes/tabs.ts';
import type { Action, App } from '../action.ts';

type Move = (app: App, by: number) => void;

/** The keys of everything that is a list of rows: step, half page, page, ends. */
const listKeys = (pane: PaneId, what: string, move: Move): Action[] => {
  const half = (app: App): number => Math.max(1, paneInner(app.state(), pane).height >> 1);
  const page = (app: App): number => Math.max(1, paneInner(app.state(), pane).height - 1);
  const far = 1_000_000_000;
  const action = (id: string, help: string, keys: string[], by: (app: App) => number): Action => ({
    id: `${pane}.${id}`,
    title: id,
    help,
    keys,
    context: pane,
    run: (app) => move(app, by(app)),
  });
  return [
    action('down', `Next ${what}`, ['j', 'down'], () => 1),
    action('up', `Previous ${what}`, ['k', 'up'], () => -1),
    action('half-down', 'Half a page down', ['ctrl-d'], half),
    action('half-up', 'Half a page up', ['ctrl-u'], (app) => -half(app)),
    action('page-down', 'A page down', ['ctrl-f', 'pagedown'], page),
    action('page-up', 'A page up', ['ctrl-b', 'pageup'], (app) => -page(app)),
    action('top', `First ${what}`, ['g', 'home'], () => -far),
    action('bottom', `Last ${what}`, ['G', 'end'], () => far),
  ];
};

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
    help: 'Show only pipelines whose name has what you type',
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
    when: (state) => (state.runs.length > 0 ? true : 'there are no runs yet'),
    run: ({ state, dispatch }) => {
      dispatch({ type: 'runOpened', runId: state().runs[state().runsCursor]!.id });
      dispatch({ type: 'focused', pane: 'graph' });
    },
  },
];

/** In the order in which blocks can run. */
const blockOrder = (state: State): string[] => {
  const view = graphView(state);
  if (view.kind === 'rails') return railsOf(view.blocks).flatMap(({ id }) => (id === null ? [] : [id]));
  return view.picture.layout.nodes.map(({ id }) => id);
};

const hasBlocks = (state: State): true | string =>
  blockOrder(state).length > 0 ? true : 'there is no block to select';

const step = (state: State, direction: Direction): string | null => {
  const view = graphView(state);
  const order = blockOrder(state);
  if (state.block === null) return order[0] ?? null;
  if (view.kind === 'layered') return neighbour(view.picture.layout, view.blocks, state.block, direction);
  const at = order.indexOf(state.block);
  if (direction === 'down' || direction === 'up') return order[at + (direction === 'down' ? 1 : -1)] ?? null;
  const block = view.blocks.find(({ id }) => id === state.block);
  if (direction === 'left') return block?.upstream.find((id) => order.includes(id)) ?? null;
  return view.blocks.find(({ upstream }) => upstream.includes(state.block!))?.id ?? null;
};

const graphMove = (direction: Direction, help: string, keys: string[]): Action => ({
  id: `graph.${direction}`,
  title: direction,
  help,
  keys,
  context: 'graph',
  when: hasBlocks,
  run: ({ state, dispatch }) => {
    const block = step(state(), direction);
    if (block !== null) dispatch({ type: 'blockSelected', block });
  },
});

const graphEnd = (id: string, help: string, keys: string[], index: number): Action => ({
  id: `graph.${id}`,
  title: id,
  help,
  keys,
  context: 'graph',
  when: hasBlocks,
  run: ({ state, dispatch }) => dispatch({ type: 'blockSelected', block: blockOrder(state()).at(index)! }),
});

const nextFailed = (id: string, help: string, key: string, direction: 1 | -1): Action => ({
  id: `graph.${id}`,
  title: 'next failed',
  help,
  keys: [key],
  context: 'graph',
  when: (state) => (failedBlocks(state).length > 0 ? true : 'no block failed in this run'),
  run: ({ state, dispatch }) => {
    const failed = failedBlocks(state()).map(({ uuid }) => uuid);
    const at = failed.indexOf(state().block ?? '');
    const next = at === -1 ? (direction === 1 ? 0 : failed.length - 1) : at + direction;
    dispatch({ type: 'blockSelected', block: failed[(next + failed.length) % failed.length]! });
  },
});

export const graphActions: readonly Action[] = [
  graphMove('left', 'To the nearest upstream block', ['h', 'left']),
  graphMove('right', 'To the nearest downstream block', ['l', 'right']),
  graphMove('up', 'To the block above', ['k', 'up']),
  graphMove('down', 'To the block below', ['j', 'down']),
  graphEnd('first', 'First block', ['g', 'home'], 0),
  graphEnd('last', 'Last block', ['G', 'end'], -1),
  nextFailed('next-failed', 'Next failed block', 'n', 1),
  nextFailed('previous-failed', 'Previous failed block', 'N', -1),
  {
    id: 'graph.open',
    title: 'open',
    help: 'Look into the block: why it failed, its rows when it has some, else its log',
    keys: ['enter'],
    context: 'graph',
    footer: 0,
    when: (state) => (state.block ? true : 'select a block first'),
    run: ({ state, dispatch }) => {
      const { block, snapshot } = state();
      const run = snapshot?.blocks.find(({ uuid }) => uuid === block);
      dispatch({ type: 'blockSelected', block: block! });
      const pane = run?.status === 'failed' ? 'failure' : run?.outputs.length ? 'data' : run ? 'logs' : 'code';
      dispatch({ type: 'focused', pane });
    },
  },
  {
    id: 'graph.view',
    title: 'view',
    help: 'Change between the picture and rails',
    keys: ['v'],
    context: 'graph',
    run: ({ dispatch }) => dispatch({ type: 'graphViewToggled' }),
  },
];

export const logActions: readonly Action[] = [
  ...listKeys('logs', 'line', ({ dispatch }, by) => dispatch({ type: 'logScrolled', by })),
  {
    id: 'logs.right',
    title: 'right',
    help: 'Scroll to the right',
    keys: ['l', 'right'],
    context: 'logs',
    run: ({ dispatch }) => dispatch({ type: 'logShifted', by: 20 }),
  },
  {
    id: 'logs.left',
    title: 'left',
    help: 'Scroll to the left',
    keys: ['h', 'left'],
    context: 'logs',
    run: ({ dispatch }) => dispatch({ type: 'logShifted', by: -20 }),
  },
  {
    id: 'logs.follow',
    title: 'follow',
    help: 'Go to the end and follow new lines, or stop following',
    keys: ['L'],
    context: 'logs',
    footer: 6,
    run: ({ state, dispatch }) => dispatch({ type: 'logFollowed', follow: !state().logs.follow }),
  },
  {
    id: 'logs.scope',
    title: 'all blocks',
    help: 'Change between the lines of the selected block and those of the whole run',
    keys: ['a'],
    context: 'logs',
    footer: 7,
    when: (state) => (state.block ? true : 'no block is selected'),
    run: ({ dispatch }) => dispatch({ type: 'logScopeToggled' }),
  },
  {
    id: 'logs.search',
    title: 'search',
    help: 'Search in the log',
    keys: ['/'],
    context: 'logs',
    footer: 5,
    run: ({ state, dispatch }) => {
      const before = state().logs.search;
      dispatch({ type: 'input', input: { pane: 'logs', text: before, before } });
    },
  },
  {
    id: 'logs.next',
    title: 'next',
    help: 'Next match',
    keys: ['n'],
    context: 'logs',
    when: (state) => (state.logs.search === '' ? 'search for something first (/)' : true),
    run: ({ dispatch }) => dispatch({ type: 'logMatched', direction: 1 }),
  },
  {
    id: 'logs.previous',
    title: 'previous',
    help: 'Previous match',
    keys: ['N'],
    context: 'logs',
    when: (state) => (state.logs.search === '' ? 'search for something first (/)' : true),
    run: ({ dispatch }) => dispatch({ type: 'logMatched', direction: -1 }),
  },
];

export const dataActions: readonly Action[] = [
  ...listKeys('data', 'row', ({ dispatch }, by) => dispatch({ type: 'dataMoved', rows: by, columns: 0 })),
  {
    id: 'data.right',
    title: 'right',
    help: 'Next column',
    keys: ['l', 'right'],
    context: 'data',
    run: ({ dispatch }) => dispatch({ type: 'dataMoved', rows: 0, columns: 1 }),
  },
  {
    id: 'data.left',
    title: 'left',
    help: 'Previous column',
    keys: ['h', 'left'],
    context: 'data',
    run: ({ dispatch }) => dispatch({ type: 'dataMoved', rows: 0, columns: -1 }),
  },
  {
    id: 'data.first-column',
    title: 'first column',
    help: 'First column',
    keys: ['0'],
    context: 'data',
    run: ({ dispatch }) => dispatch({ type: 'dataJumped', column: 0 }),
  },
  {
    id: 'data.last-column',
    title: 'last column',
    help: 'Last column',
    keys: ['$'],
    context: 'data',
    run: ({ dispatch }) => dispatch({ type: 'dataJumped', column: 1_000_000 }),
  },
  {
    id: 'data.next-output',
    title: 'next output',
    help: 'Next output of the block',
    keys: [']'],
    context: 'data',
    when: (state) => otherOutput(state, 1),
    run: ({ dispatch }) => dispatch({ type: 'outputChosen', by: 1 }),
  },
  {
    id: 'data.previous-output',
    title: 'previous output',
    help: 'Previous output of the block',
    keys: ['['],
    context: 'data',
    when: (state) => otherOutput(state, -1),
    run: ({ dispatch }) => dispatch({ type: 'outputChosen', by: -1 }),
  },
  {
    id: 'data.value',
    title: 'whole value',
    help: 'Show the whole value of the cell in the status line',
    keys: ['enter'],
    context: 'data',
    footer: 0,
    when: (state) => (state.data.rowCount > 0 ? true : 'there are no rows'),
    run: ({ state, dispatch }) => dispatch({ type: 'status', status: { text: currentCell(state()), kind: 'info' } }),
  },
];

const otherOutput = (state: State, by: 1 | -1): true | string => {
  const count = state.snapshot?.blocks.find(({ uuid }) => uuid === state.block)?.outputs.length ?? 0;
  const next = state.data.output + by;
  if (next >= 0 && next < count) return true;
  return count <= 1 ? 'this block has no other output' : `this is the ${by === 1 ? 'last' : 'first'} output`;
};

export const codeActions: readonly Action[] = [
  ...listKeys('code', 'line', ({ dispatch }, by) => dispatch({ type: 'codeScrolled', by, shift: 0 })),
  {
    id: 'code.right',
    title: 'right',
    help: 'Scroll to the right',
    keys: ['l', 'right'],
    context: 'code',
    run: ({ dispatch }) => dispatch({ type: 'codeScrolled', by: 0, shift: 10 }),
  },
  {
    id: 'code.left',
    title: 'left',
    help: 'Scroll to the left',
    keys: ['h', 'left'],
    context: 'code',
    run: ({ dispatch }) => dispatch({ type: 'codeScrolled', by: 0, shift: -10 }),
  },
];

export const failureActions: readonly Action[] = [
  { ...nextFailed('next-failed', 'Next failed block', 'n', 1), id: 'failure.next', context: 'failure' },
  { ...nextFailed('previous-failed', 'Previous failed block', 'N', -1), id: 'failure.previous', context: 'failure' },
  {
    id: 'failure.open',
    title: 'log',
    help: "Show the block's whole log",
    keys: ['enter'],
    context: 'failure',
    footer: 0,
    run: ({ dispatch }) => dispatch({ type: 'focused', pane: 'logs' }),
  },
];
