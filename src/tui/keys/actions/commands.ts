import type { Action, App } from '../action.ts';
import { closeDialog, moving } from './dialog-keys.ts';

type Commands = { kind: 'commands'; cursor: number };
const commands = (app: App): Commands => app.state().dialog as Commands;

/** The log of what was done, newest first, as command lines. */
export const commandActions: readonly Action[] = [
  {
    id: 'commands.open',
    title: 'command log',
    help: 'Show what was done here, as command lines',
    keys: ['@'],
    context: 'global',
    when: ({ command }) => (command.log.length > 0 ? true : 'nothing was done yet that has a command'),
    run: ({ dispatch }) => dispatch({ type: 'dialog', dialog: { kind: 'commands', cursor: 0 } }),
  },
  ...moving('commands', (app, by) => {
    const dialog = commands(app);
    const last = Math.max(0, app.state().command.log.length - 1);
    app.dispatch({ type: 'dialog', dialog: { ...dialog, cursor: Math.max(0, Math.min(last, dialog.cursor + by)) } });
  }),
  {
    id: 'commands.copy',
    title: 'copy',
    help: 'Copy this command line',
    keys: ['y', 'enter'],
    context: 'commands',
    footer: 1,
    run: (app) => {
      const { log } = app.state().command;
      const entry = log[log.length - 1 - commands(app).cursor];
      if (!entry) return;
      app.dispatch({ type: 'dialog', dialog: null });
      app.effects.copy('the command', entry.line);
    },
  },
  closeDialog('commands', ['esc', 'q', '@']),
];
