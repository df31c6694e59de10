import { line, span } from '../../../draw/line.ts';
import { drawList, type ListRow } from '../../../draw/list.ts';
import { displayText, fitted } from '../../../draw/text-width.ts';
import type { Theme } from '../../../draw/theme.ts';
import { followCursor } from '../../../draw/window.ts';
import { keysOf } from '../../keys/keymap.ts';
import { paletteEntries } from '../../palette/entries.ts';
import type { PaletteDialog } from '../../state/dialog.ts';
import type { State } from '../../state/state.ts';
import type { DialogContent } from './content.ts';

const keyWidth = 8;

/** What is typed, and below it what fits: title, key, what it is or why not now. */
export const paletteContent = (
  state: State,
  dialog: PaletteDialog,
  width: number,
  height: number,
  theme: Theme,
): DialogContent => {
  const entries = paletteEntries(state, dialog);
  const hintWidth = Math.min(30, Math.floor(width / 3));
  const rows = entries.map(({ title, hint, action, disabled }): ListRow => {
    const keys = action ? keysOf(action, state.keymap) : [];
    const note = disabled ?? hint;
    return {
      left: [span(` ${displayText(title)} `, disabled === undefined ? undefined : 'muted')],
      right: [
        span(` ${fitted(keys[0] ?? '', keyWidth)}`, 'key'),
        span(`${fitted(displayText(note), hintWidth, 'left', theme.glyphs.ellipsis)} `, 'muted'),
      ],
    };
  });
  const typed = line(
    [span(' : ', 'key', 'strong'), span(displayText(dialog.text)), span(' ', 'selected')],
    width,
    theme,
  );
  const room = height - 2;
  const top = followCursor(0, room, dialog.cursor, rows.length);
  const list = drawList(rows, { width, height: room, top, cursor: dialog.cursor, focused: true }, theme);
  const none = line([span(' nothing fits', 'muted')], width, theme);
  return {
    title: [span('command', 'title')],
    note: [span(entries.length > 0 ? `${dialog.cursor + 1} of ${entries.length}` : '', 'muted')],
    lines: [typed, ' '.repeat(width), ...(list.length > 0 ? list : [none])],
    height: Math.min(height, 18),
  };
};
