import { cellText, errorText, pathText, rowText } from '../../state/copy-texts.ts';
import { screenLine } from '../../state/screen-verb.ts';
import type { State } from '../../state/state.ts';
import type { Action } from '../action.ts';
import { closeDialog } from './dialog-keys.ts';

type Text = (state: State) => string | null;

const item = (id: string, key: string | string[], what: string, text: Text, reason: string): Action => ({
  id: `copy.${id}`,
  title: id,
  help: what,
  keys: [key].flat(),
  context: 'copy',
  when: (state) => (text(state) === null ? reason : true),
  run: ({ state, dispatch, effects }) => {
    const found = text(state())!;
    dispatch({ type: 'dialog', dialog: null });
    effects.copy(what.charAt(0).toLowerCase() + what.slice(1), found);
  },
});

const noRows = 'there are no rows on the screen';
const inData =
  (text: Text): Text =>
  (state) =>
    state.tab === 'data' ? text(state) : null;

/** `y`: the menu is this list. `y y` copies what is under the cursor. */
export const copyActions: readonly Action[] = [
  {
    id: 'copy.open',
    also: 'yank clipboard',
    title: 'copy',
    help: 'Copy something of this screen: a cell, a row, an error, a path, a command',
    keys: ['y'],
    context: 'global',
    footer: 13,
    footerIn: { failure: 5 },
    run: ({ dispatch }) => dispatch({ type: 'dialog', dialog: { kind: 'copy' } }),
  },
  {
    id: 'copy.here',
    title: 'here',
    help: 'What is under the cursor, or the marked lines of the log',
    keys: ['y'],
    context: 'copy',
    when: (state) => {
      if (state.tab === 'logs') return state.logs.lines.length > 0 ? true : 'the log is empty';
      return inData(cellText)(state) === null ? noRows : true;
    },
    run: ({ state, dispatch, effects }) => {
      const cell = inData(cellText)(state());
      dispatch({ type: 'dialog', dialog: null });
      if (cell === null) effects.copyLines();
      else effects.copy('the cell', cell);
    },
  },
  item('cell', 'c', 'The cell', inData(cellText), noRows),
  item('row', 'r', 'The row, with its header', inData(rowText), noRows),
  {
    id: 'copy.column',
    title: 'column',
    help: 'The column, all its rows',
    keys: ['C'],
    context: 'copy',
    when: (state) => (inData(cellText)(state) === null ? noRows : true),
    run: ({ dispatch, effects }) => {
      dispatch({ type: 'dialog', dialog: null });
      effects.copyColumn();
    },
  },
  item('block', 'b', "The block's name", ({ block }) => block, 'no block is selected'),
  item('run', 'i', "The run's number", ({ runId }) => runId, 'no run is shown'),
  item('error', 'e', 'The error, with its traceback', errorText, 'the selected block has not failed'),
  {
    id: 'copy.log',
    title: 'log',
    help: 'The log of the block, or of the run',
    keys: ['l'],
    context: 'copy',
    when: (state) => (state.runId === null ? 'no run is shown' : true),
    run: ({ dispatch, effects }) => {
      dispatch({ type: 'dialog', dialog: null });
      effects.copyLog();
    },
  },
  item('path', 'p', 'The path of the file', pathText, 'the selected block has no file'),
  item('command', 'm', 'The command that prints what this screen shows', screenLine, 'nothing is shown'),
  closeDialog('copy', ['esc', 'q']),
];
