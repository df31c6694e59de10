import { paletteCursor, paletteEntries } from '../../palette/entries.ts';
import type { PaletteDialog } from '../../state/dialog.ts';
import { openPipeline } from '../../state/select.ts';
import type { PaneId } from '../../state/state.ts';
import type { Action, App } from '../action.ts';
import { closeDialog, moving } from './dialog-keys.ts';

const palette = (app: App): PaletteDialog => app.state().dialog as PaletteDialog;

const moved = (app: App, by: number): void => {
  const dialog = palette(app);
  const entries = paletteEntries(app.state(), dialog);
  const cursor = Math.max(0, Math.min(entries.length - 1, paletteCursor(entries, dialog) + by));
  app.dispatch({ type: 'dialog', dialog: { ...dialog, cursor, under: entries[cursor]?.title ?? null } });
};

export const paletteActions: readonly Action[] = [
  {
    id: 'palette.open',
    also: 'search',
    title: 'command',
    help: 'Find any action, pipeline, block, run or table by typing',
    keys: [':', 'ctrl-p'],
    context: 'global',
    footer: 98,
    run: ({ effects }) => effects.openPalette(),
  },
  ...(['graph', 'failure', 'code', 'time', 'details'] as const).map(findBlock),
  ...moving('palette', moved),
  {
    id: 'palette.run',
    title: 'do it',
    help: 'Do what is under the cursor',
    keys: ['enter'],
    context: 'palette',
    footer: 1,
    run: (app) => {
      const state = app.state();
      const dialog = palette(app);
      const entries = paletteEntries(state, dialog);
      const entry = entries[paletteCursor(entries, dialog)];
      if (!entry) return;
      if (entry.disabled !== undefined) {
        app.dispatch({ type: 'status', status: { text: `${entry.title}: ${entry.disabled}`, kind: 'warning' } });
        return;
      }
      app.dispatch({ type: 'dialog', dialog: null });
      const line = entry.action?.command?.(state);
      entry.run(app);
      if (line) app.dispatch({ type: 'commanded', time: Date.now(), title: entry.title, line });
    },
  },
  closeDialog('palette', ['esc', 'ctrl-p']),
];

/** Where nothing else is searched `/` finds a block: what is typed after it must never be taken for keys. */
function findBlock(pane: PaneId): Action {
  return {
    id: `${pane}.find`,
    title: 'find block',
    help: 'Find a block by a part of its name',
    keys: ['/'],
    context: pane,
    ...(pane === 'graph' ? { footer: 5 } : {}),
    when: (state) => (openPipeline(state)?.blocks.length ? true : 'there is no block to find'),
    run: ({ effects }) => effects.openPalette('block '),
  };
}
