import type { PaneId } from '../../state/state.ts';
import { paneInner } from '../../view/pane-size.ts';
import type { Action, App } from '../action.ts';

type Move = (app: App, by: number) => void;

/** What `move` gets for the first and the last row. */
export const far = 1_000_000_000;

/** The keys of everything that is a list of rows: step, half page, page, ends. */
export const listKeys = (pane: PaneId, what: string, move: Move): Action[] => {
  const half = (app: App): number => Math.max(1, paneInner(app.state(), pane).height >> 1);
  const page = (app: App): number => Math.max(1, paneInner(app.state(), pane).height - 1);
  const action = (id: string, help: string, keys: string[], by: (app: App) => number): Action => ({
    id: `${pane}.${id}`,
    title: id,
    help,
    keys,
    context: pane,
    run: (app) => move(app, by(app)),
  });
  return [
    action('down', `Next ${what}`, ['j', 'down'], () => 1),
    action('up', `Previous ${what}`, ['k', 'up'], () => -1),
    action('half-down', 'Half a page down', ['ctrl-d'], half),
    action('half-up', 'Half a page up', ['ctrl-u'], (app) => -half(app)),
    action('page-down', 'A page down', ['ctrl-f', 'pagedown'], page),
    action('page-up', 'A page up', ['ctrl-b', 'pageup'], (app) => -page(app)),
    action('top', `First ${what}`, ['g', 'home'], () => -far),
    action('bottom', `Last ${what}`, ['G', 'end'], () => far),
  ];
};
