import type { Action } from '../action.ts';
import { listKeys } from './list-keys.ts';

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
