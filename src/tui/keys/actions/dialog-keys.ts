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

type Move = (app: App, by: number) => void;

/** What `move` gets for the beginning and the end. */
const far = 1_000_000_000;

const mover =
  (context: Context, move: Move) =>
  (id: string, help: string, keys: string[], by: number): Action => ({
    id: `${context}.${id}`,
    title: id,
    help,
    keys,
    context,
    run: (app) => move(app, by),
  });

/** Arrows and pages, in a dialog in which letters are typed. */
export const moving = (context: Context, move: Move): Action[] => {
  const action = mover(context, move);
  return [
    action('down', 'Down', ['down', 'ctrl-n'], 1),
    action('up', 'Up', ['up'], -1),
    action('page-down', 'A page down', ['pagedown', 'ctrl-d'], 10),
    action('page-up', 'A page up', ['pageup'], -10),
  ];
};

/** The letters of lists too, in a dialog that is only read. */
export const reading = (context: Context, move: Move): Action[] => {
  const action = mover(context, move);
  return [
    action('down', 'Down', ['j', 'down'], 1),
    action('up', 'Up', ['k', 'up'], -1),
    action('page-down', 'A page down', ['pagedown', 'ctrl-d'], 10),
    action('page-up', 'A page up', ['pageup', 'ctrl-u'], -10),
    action('top', 'To the beginning', ['g', 'home'], -far),
    action('bottom', 'To the end', ['G', 'end'], far),
  ];
};
