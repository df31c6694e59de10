import type { Action, App, Context } from '../action.ts';

export const closeDialog = (context: Context, keys: string[]): Action => ({
  id: `${context}.close`,
  title: 'close',
  help: 'Close this',
  keys,
  context,
  footer: 9,
  run: ({ dispatch }) => dispatch({ type: 'dialog', dialog: null }),
});

/** Arrows and pages: letters are for typing in a dialog. */
export const moving = (context: Context, move: (app: App, by: number) => void): Action[] => {
  const action = (id: string, help: string, keys: string[], by: number): Action => ({
    id: `${context}.${id}`,
    title: id,
    help,
    keys,
    context,
    run: (app) => move(app, by),
  });
  return [
    action('down', 'Down', ['down', 'ctrl-n'], 1),
    action('up', 'Up', ['up'], -1),
    action('page-down', 'A page down', ['pagedown', 'ctrl-d'], 10),
    action('page-up', 'A page up', ['pageup'], -10),
  ];
};
