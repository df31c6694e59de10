import { createTheme } from '../../../draw/theme.ts';
import { comparable } from '../../state/past-state.ts';
import { timelineOf } from '../../state/timeline-rows.ts';
import { detailRows } from '../../view/panes/details.ts';
import type { Action, App } from '../action.ts';
import { listKeys } from './list-keys.ts';

const theme = createTheme();

const moveInTimeline = ({ state, dispatch }: App, by: number): void => {
  const rows = timelineOf(state())?.rows ?? [];
  const at = rows.findIndex(({ id }) => id === state().block);
  const row = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
  if (row) dispatch({ type: 'blockSelected', block: row.id });
};

const compareWith = (id: string, key: string, help: string, by: number): Action => ({
  id: `details.${id}`,
  also: 'diff',
  title: 'other run',
  help,
  keys: [key],
  context: 'details',
  footer: by > 0 ? 5 : undefined,
  when: (state) => (comparable(state).length > 0 ? true : 'there is no other run'),
  run: ({ dispatch }) => dispatch({ type: 'otherChosen', by }),
});

export const timeActions: readonly Action[] = [
  ...listKeys('time', 'block', moveInTimeline),
  {
    id: 'time.open',
    title: 'log',
    help: "Show the block's log",
    keys: ['enter', 'l', 'right'],
    context: 'time',
    footer: 0,
    when: (state) => (state.block ? true : 'select a block first'),
    run: ({ state, dispatch }) => {
      dispatch({ type: 'blockSelected', block: state().block! });
      dispatch({ type: 'focused', pane: 'logs' });
    },
  },
  ...listKeys('details', 'row', ({ state, dispatch }, by) =>
    dispatch({ type: 'detailsScrolled', by, rows: detailRows(state(), theme).length }),
  ),
  compareWith('older', ']', 'Compare with an older run', 1),
  compareWith('newer', '[', 'Compare with a newer run', -1),
];
