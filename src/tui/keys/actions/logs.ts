import { fullCount } from '../../../draw/numbers.ts';
import type { LogLevel } from '../../../model/run.ts';
import { newDialogId } from '../../state/dialog-id.ts';
import { cursorAt } from '../../state/log-place.ts';
import type { LogState, LogTime } from '../../state/log-state.ts';
import type { State } from '../../state/state.ts';
import type { Action } from '../action.ts';
import { far, listKeys } from './list-keys.ts';

const levels: readonly LogLevel[] = ['debug', 'info', 'warning', 'error'];
const times: readonly LogTime[] = ['clock', 'since', 'none'];
const after = <T>(all: readonly T[], value: T): T => all[(all.indexOf(value) + 1) % all.length]!;

type Shown = Partial<Pick<LogState, 'level' | 'wrap' | 'time' | 'folded'>>;

const shown = (id: string, key: string, title: string, help: string, change: (logs: LogState) => Shown): Action => ({
  id: `logs.${id}`,
  title,
  help,
  keys: [key],
  context: 'logs',
  run: ({ state, dispatch }) => dispatch({ type: 'logShown', change: change(state().logs) }),
});

const hasLines = ({ logs }: State): true | string => (logs.lines.length > 0 ? true : 'the log is empty');

export const logActions: readonly Action[] = [
  ...listKeys('logs', 'line', ({ dispatch }, by) =>
    dispatch(Math.abs(by) < far ? { type: 'logScrolled', by } : { type: 'logJumped', to: by < 0 ? 'top' : 'bottom' }),
  ),
  {
    id: 'logs.open',
    title: 'whole line',
    help: 'Show the whole line under the cursor: what is cut off, JSON with a row for each value',
    keys: ['enter'],
    context: 'logs',
    footer: 0.5,
    when: hasLines,
    run: ({ state, dispatch }) => {
      const { logs } = state();
      const line = logs.lines[cursorAt(logs)]!;
      const title = `line ${fullCount(line.sequence)}`;
      dispatch({
        type: 'dialog',
        dialog: { kind: 'text', id: newDialogId(), title, body: { kind: 'line', line }, trouble: null, top: 0 },
      });
    },
  },
  {
    id: 'logs.select',
    title: 'mark lines',
    help: 'Mark lines from here to the cursor, to copy them; again to let go',
    keys: ['space'],
    context: 'logs',
    when: hasLines,
    run: ({ state, dispatch }) => dispatch({ type: 'logAnchored', anchored: state().logs.anchor === null }),
  },
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
    footer: 0.7,
    run: ({ state, dispatch }) => dispatch({ type: 'logFollowed', follow: !state().logs.follow }),
  },
  {
    id: 'logs.scope',
    title: 'all blocks',
    help: 'Change between the lines of the selected block and those of the whole run',
    keys: ['a'],
    context: 'logs',
    footer: 0.8,
    when: (state) => (state.block ? true : 'no block is selected'),
    run: ({ dispatch }) => dispatch({ type: 'logScopeToggled' }),
  },
  {
    id: 'logs.search',
    title: 'search',
    help: 'Search in the log',
    keys: ['/'],
    context: 'logs',
    footer: 0.6,
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
  {
    id: 'logs.filter',
    title: 'filter',
    help: 'Show only lines that match a regular expression, or with ! in front only the others',
    keys: ['&'],
    context: 'logs',
    footer: 0.9,
    run: ({ state, dispatch }) => {
      const before = state().logs.filter;
      dispatch({ type: 'input', input: { pane: 'logFilter', text: before, before } });
    },
  },
  shown('level', 'V', 'level', 'Show lines from the next level on: all, info, warning, error', ({ level }) => ({
    level: after(levels, level),
  })),
  {
    id: 'logs.error',
    also: 'failure traceback',
    title: 'error',
    help: 'Go to the first error; again: to the next one',
    keys: ['E'],
    context: 'logs',
    footer: 0.95,
    when: hasLines,
    run: ({ dispatch }) => dispatch({ type: 'logErrorWanted' }),
  },
  shown('wrap', 'w', 'wrap', 'Let long lines go on below, or cut them', ({ wrap }) => ({ wrap: !wrap })),
  shown('time', 't', 'time', 'Time of day, time since the run began, none', ({ time }) => ({
    time: after(times, time),
  })),
  shown('fold', 'J', 'fold JSON', 'Show lines of JSON as message and values, or as they are', ({ folded }) => ({
    folded: !folded,
  })),
  {
    id: 'logs.mark',
    title: 'mark',
    help: 'Draw a rule below the line under the cursor, or the last one, to see what comes after it',
    keys: ['m'],
    context: 'logs',
    when: hasLines,
    run: ({ dispatch }) => dispatch({ type: 'logMarked' }),
  },
  {
    id: 'logs.to-mark',
    title: 'to mark',
    help: 'Go back to the mark',
    keys: ["'"],
    context: 'logs',
    when: (state) => (state.logs.mark === null ? 'mark a place first (m)' : true),
    run: ({ dispatch }) => dispatch({ type: 'logMarkSought' }),
  },
];
