import type { Dialog } from '../../state/state.ts';
import type { TableEntry } from '../../workbench-source.ts';
import type { Action, App, Context } from '../action.ts';

const close = (context: Context, keys: string[]): Action => ({
  id: `${context}.close`,
  title: 'close',
  help: 'Close this',
  keys,
  context,
  footer: 9,
  run: ({ dispatch }) => dispatch({ type: 'dialog', dialog: null }),
});

type Help = Extract<Dialog, { kind: 'help' }>;
type Tables = Extract<Dialog, { kind: 'tables' }>;

const helpMoved = (app: App, by: number): void => {
  const dialog = app.state().dialog as Help;
  app.dispatch({ type: 'dialog', dialog: { ...dialog, top: Math.max(0, dialog.top + by) } });
};

/** Tables whose schema and name have the typed text. */
export const matchingTables = ({ entries, filter }: Tables): TableEntry[] =>
  (entries ?? []).filter(({ schema, table }) => `${schema}.${table}`.toLowerCase().includes(filter.toLowerCase()));

const tablesMoved = (app: App, by: number): void => {
  const dialog = app.state().dialog as Tables;
  const last = Math.max(0, matchingTables(dialog).length - 1);
  const cursor = Math.max(0, Math.min(last, dialog.cursor + by));
  app.dispatch({ type: 'dialog', dialog: { ...dialog, cursor } });
};

const moving = (context: Context, move: (app: App, by: number) => void): Action[] => {
  const action = (id: string, help: string, keys: string[], by: number): Action => ({
    id: `${context}.${id}`,
    title: id,
    help,
    keys,
    context,
    run: (app) => move(app, by),
  });
  return [
    action('down', 'Down', ['down'], 1),
    action('up', 'Up', ['up'], -1),
    action('page-down', 'A page down', ['pagedown', 'ctrl-d'], 10),
    action('page-up', 'A page up', ['pageup', 'ctrl-u'], -10),
  ];
};

/** Dialogs take all keys. What is typed in the help and in the tables filters. */
export const dialogActions: readonly Action[] = [
  ...moving('help', helpMoved),
  close('help', ['esc', 'enter', '?', 'f1']),
  ...moving('tables', tablesMoved),
  {
    id: 'tables.choose',
    title: 'show',
    help: 'Show the rows of this table',
    keys: ['enter'],
    context: 'tables',
    footer: 1,
    run: ({ state, dispatch }) => {
      const dialog = state().dialog as Tables;
      const table = matchingTables(dialog)[dialog.cursor];
      if (!table) return;
      dispatch({ type: 'dialog', dialog: null });
      dispatch({ type: 'tableChosen', table });
      dispatch({ type: 'focused', pane: 'data' });
    },
  },
  close('tables', ['esc']),
  {
    id: 'confirm.yes',
    title: 'yes',
    help: 'Do it',
    keys: ['y'],
    context: 'confirm',
    footer: 1,
    dangerous: true,
    run: ({ state, dispatch, effects }) => {
      const dialog = state().dialog;
      dispatch({ type: 'dialog', dialog: null });
      if (dialog?.kind !== 'confirm') return;
      if (dialog.question.kind === 'cancel') effects.cancelRun(dialog.question.runId);
      else effects.startRun(dialog.question.request);
    },
  },
  close('confirm', ['esc', 'n', 'enter', 'q']),
];
