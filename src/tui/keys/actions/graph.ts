import { worstOf } from '../../../draw/graph/fold.ts';
import { type Direction, neighbour } from '../../../draw/graph/navigate.ts';
import { railsOf } from '../../../draw/graph/rails-view.ts';
import { foldedLess } from '../../state/graph-folds.ts';
import { failedBlocks, graphBlocks } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { graphView, selectedNode } from '../../view/graph-view.ts';
import type { Action } from '../action.ts';

/** In the order in which blocks can run. */
const nodeOrder = (state: State): string[] => {
  const view = graphView(state);
  if (view.kind === 'rails') return railsOf(view.blocks).flatMap(({ id }) => (id === null ? [] : [id]));
  return view.picture.layout.nodes.map(({ id }) => id);
};

const hasBlocks = (state: State): true | string => (nodeOrder(state).length > 0 ? true : 'there is no block to select');

const step = (state: State, direction: Direction): string | null => {
  const view = graphView(state);
  const order = nodeOrder(state);
  const here = selectedNode(view, state.block);
  if (here === null) return order[0] ?? null;
  if (view.kind === 'layered') return neighbour(view.picture, view.blocks, here, direction);
  const at = order.indexOf(here);
  if (direction === 'down' || direction === 'up') return order[at + (direction === 'down' ? 1 : -1)] ?? null;
  const block = view.blocks.find(({ id }) => id === here);
  if (direction === 'left') return block?.upstream.find((id) => order.includes(id)) ?? null;
  return view.blocks.find(({ upstream }) => upstream.includes(here))?.id ?? null;
};

/** The block that a node stands for: itself, of a box the first of the worst in it. */
const blockIn = (state: State, node: string): string => {
  const held = graphView(state).members.get(node);
  if (!held) return node;
  const inside = new Set(held);
  return worstOf(graphBlocks(state).filter(({ id }) => inside.has(id)))?.id ?? held[0]!;
};

const graphMove = (direction: Direction, help: string, keys: string[]): Action => ({
  id: `graph.${direction}`,
  title: direction,
  help,
  keys,
  context: 'graph',
  when: hasBlocks,
  run: ({ state, dispatch }) => {
    const node = step(state(), direction);
    if (node !== null) dispatch({ type: 'blockSelected', block: blockIn(state(), node) });
  },
});

const graphEnd = (id: string, help: string, keys: string[], index: number): Action => ({
  id: `graph.${id}`,
  title: id,
  help,
  keys,
  context: 'graph',
  when: hasBlocks,
  run: ({ state, dispatch }) =>
    dispatch({ type: 'blockSelected', block: blockIn(state(), nodeOrder(state()).at(index)!) }),
});

export const nextFailed = (id: string, help: string, key: string, direction: 1 | -1): Action => ({
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

const graphHighlight = (side: 'up' | 'down', key: string, help: string): Action => ({
  id: `graph.${side}stream`,
  title: `${side}stream`,
  help,
  keys: [key],
  context: 'graph',
  when: (state) => (state.block ? true : 'select a block first'),
  run: ({ state, dispatch }) =>
    dispatch({ type: 'graphLooked', look: { highlight: state().graphLook.highlight === side ? null : side } }),
});

const isBox = (state: State): boolean => {
  const view = graphView(state);
  return view.members.has(selectedNode(view, state.block) ?? '');
};

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
    help: 'Look into the block: why it failed, its rows when it has some, else its log; a folded folder opens',
    keys: ['enter'],
    context: 'graph',
    footer: 0,
    when: (state) => (state.block ? true : 'select a block first'),
    run: ({ state, dispatch }) => {
      const { block, snapshot } = state();
      if (isBox(state())) {
        dispatch({ type: 'graphFolded', folders: foldedLess(state(), block!)! });
        return;
      }
      const run = snapshot?.blocks.find(({ uuid }) => uuid === block);
      const pane = run?.status === 'failed' ? 'failure' : run?.outputs.length ? 'data' : run ? 'logs' : 'code';
      dispatch({ type: 'focused', pane, block: block! });
    },
  },
  graphHighlight('up', 'u', 'Let all upstream blocks stand out, or no more'),
  graphHighlight('down', 'd', 'Let all downstream blocks stand out, or no more'),
  {
    id: 'graph.cone',
    also: 'focus',
    title: 'only this',
    help: 'Show only the block with what is up- and downstream of it, or all again',
    keys: ['z f'],
    context: 'graph',
    when: (state) => (state.block || state.graphLook.cone ? true : 'select a block first'),
    run: ({ state, dispatch }) =>
      dispatch({ type: 'graphLooked', look: { cone: state().graphLook.cone === null ? state().block : null } }),
  },
  {
    id: 'graph.view',
    also: 'layout rails',
    title: 'view',
    help: 'Change between the picture by size, boxes from left to right, boxes from top to bottom, and rails',
    keys: ['v'],
    context: 'graph',
    run: ({ dispatch }) => dispatch({ type: 'graphViewToggled' }),
  },
];
