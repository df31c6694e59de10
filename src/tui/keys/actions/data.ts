import type { State } from '../../state/state.ts';
import type { Action } from '../action.ts';
import { listKeys } from './list-keys.ts';

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
    help: 'Show the whole value of the cell',
    keys: ['enter'],
    context: 'data',
    footer: 0,
    when: (state) => (state.data.rowCount > 0 ? true : 'there are no rows'),
    run: ({ effects }) => effects.data.openValue(),
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
