import { commandLine, sqlWords } from '../../state/command-line.ts';
import type { Dialog, State } from '../../state/state.ts';
import type { Action, App } from '../action.ts';
import { closeDialog, moving } from './dialog-keys.ts';

type Help = Extract<Dialog, { kind: 'help' }>;

const helpMoved = (app: App, by: number): void => {
  const dialog = app.state().dialog as Help;
  app.dispatch({ type: 'dialog', dialog: { ...dialog, top: Math.max(0, dialog.top + by) } });
};

/** Dialogs take all keys. What is typed in the help filters it. */
export const dialogActions: readonly Action[] = [
  ...moving('help', helpMoved),
  closeDialog('help', ['esc', 'enter', '?', 'f1']),
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
  {
    ...closeDialog('name', ['esc']),
    run: ({ state, dispatch }) => dispatch({ type: 'dialog', dialog: below(state().dialog) }),
  },
];

function questionLine(state: State): string | null {
  if (state.dialog?.kind !== 'confirm') return null;
  const { question } = state.dialog;
  if (question.kind !== 'sql') return null;
  const { typed, profile } = question.console;
  return commandLine(...sqlWords({ sql: typed.text.trim(), profile, write: true }));
}

function answerYes({ state, dispatch, effects }: App): void {
  const { dialog } = state();
  dispatch({ type: 'dialog', dialog: below(dialog) });
  if (dialog?.kind !== 'confirm') return;
  if (dialog.question.kind === 'cancel') effects.cancelRun(dialog.question.runId);
  else if (dialog.question.kind === 'retry') effects.retryRun(dialog.question.runId, dialog.question.from);
  else if (dialog.question.kind === 'sql') effects.data.runConsole();
  else effects.startRun(dialog.question.request);
}

/** What a question was asked over. */
function below(dialog: Dialog | null): Dialog | null {
  return dialog?.kind === 'confirm' && dialog.question.kind === 'sql' ? dialog.question.console : null;
}
