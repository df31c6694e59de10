import { wrapped } from '../../draw/failure.ts';
import { frame } from '../../draw/frame.ts';
import { line, span } from '../../draw/line.ts';
import { drawList } from '../../draw/list.ts';
import { displayText, fitted } from '../../draw/text-width.ts';
import type { Theme } from '../../draw/theme.ts';
import type { Action } from '../keys/action.ts';
import { keyedActions } from '../keys/actions.ts';
import { type DataDialog, isDataDialog } from '../state/data-dialog.ts';
import { screenLine } from '../state/screen-verb.ts';
import type { Dialog, State } from '../state/state.ts';
import { dataDialogBox } from './data-dialogs.ts';
import { catalogContent } from './dialogs/catalog.ts';
import { commandsContent } from './dialogs/commands.ts';
import type { DialogContent } from './dialogs/content.ts';
import { copyContent } from './dialogs/copy.ts';
import { paletteContent } from './dialogs/palette.ts';
import { planContent } from './dialogs/plan.ts';
import { similarContent } from './dialogs/similar.ts';
import { messageLines } from './panes/message.ts';
import type { Part } from './screen.ts';

/** The open dialog in the middle of the screen, or nothing. */
export const dialogBox = (state: State, theme: Theme): Part | null => {
  const { dialog, size } = state;
  if (!dialog) return null;
  if (isDataDialog(dialog)) return dataDialogBox(state, dialog, theme);
  const width = Math.min(size.columns - 2, dialog.kind === 'confirm' ? 60 : 100);
  const most = size.rows - 2;
  const content = contentOf(state, dialog, width - 2, most - 2, theme);
  const height = Math.min(most, (content.height ?? content.lines.length) + 2);
  const rect = {
    x: Math.floor((size.columns - width) / 2),
    y: Math.max(0, Math.floor((size.rows - height) / 2)),
    width,
    height,
  };
  return { key: 'dialog', rect, lines: frame({ ...content, width, height, focused: true }, theme) };
};

const contentOf = (
  state: State,
  dialog: Exclude<Dialog, DataDialog>,
  width: number,
  height: number,
  theme: Theme,
): DialogContent => {
  if (dialog.kind === 'help') return helpContent(state, dialog, width, height, theme);
  if (dialog.kind === 'tables') return catalogContent(dialog, width, height, theme);
  if (dialog.kind === 'palette') return paletteContent(state, dialog, width, height, theme);
  if (dialog.kind === 'plan') return planContent(state, dialog, width, height, theme);
  if (dialog.kind === 'copy') return copyContent(state, width, theme);
  if (dialog.kind === 'commands') return commandsContent(state, dialog.cursor, width, height, theme);
  if (dialog.kind === 'similar') return similarContent(state, dialog.cursor, width, height, theme);
  const lines = dialog.lines.flatMap((text) => messageLines({ text }, width, theme));
  const keys =
    dialog.name === undefined
      ? line([span(' y ', 'key', 'strong'), span('yes   '), span('n ', 'key', 'strong'), span('no')], width, theme)
      : line(
          [
            span(` type ${displayText(dialog.name)}: `),
            span(displayText(dialog.typed ?? ''), 'strong'),
            span(' ', 'selected'),
          ],
          width,
          theme,
        );
  return { title: [span(dialog.title, 'title')], note: [], lines: [...lines, ' '.repeat(width), keys] };
};

const helpContent = (
  state: State,
  { filter, top }: Extract<Dialog, { kind: 'help' }>,
  width: number,
  height: number,
  theme: Theme,
): DialogContent => {
  const here = helpActions(state).filter((action) => helpText(action).includes(filter.toLowerCase()));
  const keyWidth = 16;
  const rows = here.flatMap(({ keys, help, when }) => {
    const reason = when?.(state) ?? true;
    const text = reason === true ? help : `${help} (${reason})`;
    const token = reason === true ? undefined : 'muted';
    return wrapped(text, width - keyWidth - 3, 3).map((part, index) => ({
      left: [span(` ${fitted(index === 0 ? keys.join(' ') : '', keyWidth)} `, 'key'), span(part, token)],
    }));
  });
  const first = Math.min(top, Math.max(0, rows.length - height));
  const lines = drawList(rows, { width, height, top: first, cursor: null, focused: true }, theme);
  const note = [
    filter === '' ? span('type to filter, esc closes', 'muted') : span(displayText(filter), 'match'),
    { ...span(screenLine({ ...state, dialog: null }), 'info'), weight: -1 },
  ];
  return {
    title: [span('keys', 'title')],
    note,
    lines: lines.length > 0 ? lines : messageLines({ text: 'No key does that.' }, width, theme),
  };
};

const helpText = ({ keys, help, title, also = '' }: Action): string =>
  `${keys.join(' ')} ${help} ${title} ${also}`.toLowerCase();

/** The pane's own keys first, then those that work everywhere. */
const helpActions = (state: Pick<State, 'focus' | 'keymap'>): Action[] => {
  const keyed = keyedActions(state).filter(({ keys }) => keys.length > 0);
  return [
    ...keyed.filter(({ context }) => context === state.focus),
    ...keyed.filter(({ context }) => context === 'global'),
  ];
};
