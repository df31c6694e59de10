import { line, span } from '../../../draw/line.ts';
import { drawList, type ListRow } from '../../../draw/list.ts';
import { displayText, fitted, truncate } from '../../../draw/text-width.ts';
import type { Theme } from '../../../draw/theme.ts';
import { followCursor } from '../../../draw/window.ts';
import { keysOf } from '../../keys/keymap.ts';
import { paletteCursor, paletteEntries } from '../../palette/entries.ts';
import type { PaletteDialog } from '../../state/dialog.ts';
import type { State } from '../../state/state.ts';
import type { DialogContent } from './content.ts';

const keyWidth = 6;

/** What is typed, and below it what fits: key, title, what it is or why not now. */
export const paletteContent = (
  state: State,
  dialog: PaletteDialog,
  width: number,
  height: number,
  theme: Theme,
): DialogContent => {
  const entries = paletteEntries(state, dialog);
  const cursor = paletteCursor(entries, dialog);
  const most = Math.floor(width / 2);
  const rows = entries.map(({ title, hint, action, disabled }): ListRow => {
    const keys = action ? keysOf(action, state.keymap) : [];
    const off = disabled === undefined ? undefined : 'muted';
    const note = truncate(displayText(disabled ?? hint), most, theme.glyphs.ellipsis);
    return {
      left: [span(` ${fitted(keys[0] ?? '', keyWidth)} `, off ?? 'key'), span(`${displayText(title)} `, off)],
      right: [span(` ${note} `, 'muted')],
    };
  });
  const typed = line(
    [span(' : ', 'key', 'strong'), span(displayText(dialog.text)), span(' ', 'selected')],
    width,
    theme,
  );
  const room = height - 2;
  const top = followCursor(0, room, cursor, rows.length);
  const list = drawList(rows, { width, height: room, top, cursor, focused: true }, theme);
  const none = line([span(' nothing fits', 'muted')], width, theme);
  return {
    title: [span('command', 'title')],
    note: [span(entries.length > 0 ? `${cursor + 1} of ${entries.length}` : '', 'muted')],
    lines: [typed, ' '.repeat(width), ...(list.length > 0 ? list : [none])],
    height: Math.min(height, 18),
  };
};
