import { commandLine, rerunLine } from '../../state/command-line.ts';
import type { Dialog, State } from '../../state/state.ts';
import type { TableEntry } from '../../workbench-source.ts';
import type { Action, App } from '../action.ts';
import { closeDialog, moving } from './dialog-keys.ts';

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

/** Dialogs take all keys. What is typed in the help and in the tables filters. */
export const dialogActions: readonly Action[] = [
  ...moving('help', helpMoved),
  closeDialog('help', ['esc', 'enter', '?', 'f1']),
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
  closeDialog('tables', ['esc']),
  {
    id: 'confirm.yes',
    title: 'yes',
    help: 'Do it',
    keys: ['y'],
    context: 'confirm',
    footer: 1,
    dangerous: true,
    command: questionLine,
    run: answerYes,
  },
  closeDialog('confirm', ['esc', 'n', 'enter', 'q']),
  {
    id: 'name.yes',
    title: 'yes',
    help: 'Do it, once the name is typed',
    keys: ['enter'],
    context: 'name',
    footer: 1,
    dangerous: true,
    when: ({ dialog }) =>
      dialog?.kind === 'confirm' && dialog.typed === dialog.name ? true : 'type the name first, exactly; esc leaves it',
    command: questionLine,
    run: answerYes,
  },
  closeDialog('name', ['esc']),
];

function questionLine(state: State): string | null {
  if (state.dialog?.kind !== 'confirm') return null;
  const { question } = state.dialog;
  return question.kind === 'cancel'
    ? commandLine('wand', 'cancel', question.runId)
    : `${rerunLine(state, question.request)} --detach`;
}

function answerYes({ state, dispatch, effects }: App): void {
  const { dialog } = state();
  dispatch({ type: 'dialog', dialog: null });
  if (dialog?.kind !== 'confirm') return;
  if (dialog.question.kind === 'cancel') effects.cancelRun(dialog.question.runId);
  else effects.startRun(dialog.question.request);
}
