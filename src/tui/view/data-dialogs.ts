import { drawFields } from '../../draw/fields.ts';
import { wholeLine } from '../../draw/folded-json.ts';
import { frame, type Note } from '../../draw/frame.ts';
import { span } from '../../draw/line.ts';
import { drawList } from '../../draw/list.ts';
import { fullCount } from '../../draw/numbers.ts';
import { drawProfile } from '../../draw/profile.ts';
import { drawText } from '../../draw/text-lines.ts';
import { displayText, fitted } from '../../draw/text-width.ts';
import type { Theme } from '../../draw/theme.ts';
import { followCursor } from '../../draw/window.ts';
import type { LogLine } from '../../model/run.ts';
import { matchingColumns, profileOf } from '../keys/actions/data-dialogs.ts';
import type { ColumnsDialog, DataDialog, ProfileDialog, PromptDialog, TextDialog } from '../state/data-dialog.ts';
import { cursorColumn, profileRoom } from '../state/data-grid.ts';
import type { State } from '../state/state.ts';
import { chartsContent, consoleContent, diffContent, exportContent } from './data-tool-dialogs.ts';
import type { DialogContent } from './dialogs/content.ts';
import type { Rect } from './layout.ts';
import { paneInner, stateLayout } from './pane-size.ts';
import { messageLines } from './panes/message.ts';
import { noted } from './panes/tabs.ts';
import type { Part } from './screen.ts';
import { typedLines } from './typed-lines.ts';

type Drawn = (width: number, height: number) => DialogContent;

/** A dialog of the data pane: the profile below the rows, all others in the middle of the screen. */
export const dataDialogBox = (state: State, dialog: DataDialog, theme: Theme): Part | null => {
  if (dialog.kind === 'profile') return profileBox(state, dialog, theme);
  const draw = drawnBy(state, dialog, theme);
  const { columns, rows } = state.size;
  const width = Math.min(columns - 2, ['text', 'diff', 'console', 'charts'].includes(dialog.kind) ? 140 : 90);
  const content = draw(width - 2, rows - 4);
  const height = Math.min(rows - 2, Math.max(1, content.lines.length) + 2);
  const rect = { x: (columns - width) >> 1, y: Math.max(0, (rows - height) >> 1), width, height };
  return box(content, rect, theme);
};

const box = (content: DialogContent, rect: Rect, theme: Theme): Part => ({
  key: 'dialog',
  rect,
  lines: frame({ ...content, width: rect.width, height: rect.height, focused: true }, theme),
});

const drawnBy = (state: State, dialog: Exclude<DataDialog, ProfileDialog>, theme: Theme): Drawn => {
  if (dialog.kind === 'text') return (width, height) => textContent(dialog, width, height, theme);
  if (dialog.kind === 'columns') return (width, height) => columnsContent(state, dialog, width, height, theme);
  if (dialog.kind === 'charts') return (width, height) => chartsContent(dialog, width, height, theme);
  if (dialog.kind === 'export') return (width) => exportContent(state, dialog, width, theme);
  if (dialog.kind === 'diff') return (width, height) => diffContent(dialog, width, height, theme);
  if (dialog.kind === 'console') return (width) => consoleContent(dialog, width, theme);
  return (width) => promptContent(dialog, width, theme);
};

const textContent = (dialog: TextDialog, width: number, height: number, theme: Theme): DialogContent => {
  const { title: name, body, trouble, top } = dialog;
  const title = [span(name, 'title')];
  if (trouble)
    return {
      title,
      note: [],
      lines: messageLines({ text: trouble.message, fix: trouble.fix, kind: 'error' }, width, theme),
    };
  if (!body) return { title, note: [], lines: messageLines({ text: 'Reading.' }, width, theme) };
  const text = body.kind === 'value' ? valueText(body.value) : body.kind === 'line' ? wholeLine(body.line.text) : null;
  const drawn =
    body.kind === 'record'
      ? drawFields(body.columns, body.values, { width, height, top }, theme)
      : drawText(text!, { width, height, top }, theme);
  const more = drawn.count > height ? `${fullCount(drawn.top + 1)} of ${fullCount(drawn.count)}` : '';
  const type = body.kind === 'value' ? body.column.type : '';
  const what = text !== null && text.length > 400 ? `${fullCount(text.length)} characters` : '';
  return {
    title,
    note: [
      ...(body.kind === 'line' ? lineOrigin(body.line) : []),
      span([displayText(type), what, more].filter(Boolean).join(' · '), 'muted'),
    ],
    lines: drawn.lines,
  };
};

/** Where a line comes from; what fits, the block before the rest. */
const lineOrigin = ({ time, level, block, attempt, source }: LogLine): Note[] => [
  noted(displayText(block ?? 'run'), 9),
  noted(level, 8),
  noted(attempt === null ? '' : `attempt ${attempt}`, 6),
  noted(source, 5),
  noted(displayText(time), 7),
];

const valueText = (value: string | number | boolean | null): string =>
  value === null ? 'NULL' : value === '' ? "'' (empty text)" : String(value);

const promptContent = (
  { title, hint, line: typed, error }: PromptDialog,
  width: number,
  theme: Theme,
): DialogContent => ({
  title: [span(title, 'title')],
  note: [span('enter takes it, esc does not', 'muted')],
  lines: [
    ...typedLines(typed, { width, height: 1 }, theme),
    ...messageLines(error ? { text: error, kind: 'error' } : { text: hint }, width, theme),
  ],
});

const columnsContent = (
  { data }: State,
  dialog: ColumnsDialog,
  width: number,
  height: number,
  theme: Theme,
): DialogContent => {
  const found = matchingColumns(data, dialog);
  const room = height - 1;
  const top = followCursor(0, room, dialog.cursor, found.length);
  // Only what is in view is drawn: there may be 10,000.
  const rows = found.slice(top, top + room).map(({ name, type }) => ({
    left: [
      span(data.look.hidden.has(name) ? '   ' : ` ${theme.glyphs.status.completed} `, 'ok'),
      span(displayText(name.slice(0, 200))),
    ],
    right: [span(` ${fitted(displayText(type), 14)} `, 'type')],
  }));
  const list = drawList(rows, { width, height: room, top: 0, cursor: dialog.cursor - top, focused: true }, theme);
  return {
    title: [span('columns', 'title')],
    note: [span('type to find, enter shows or hides, esc closes', 'muted')],
    lines: [...typedLines(dialog.filter, { width, height: 1 }, theme), ...list],
  };
};

const profileBox = (state: State, { bar }: ProfileDialog, theme: Theme): Part | null => {
  const pane = stateLayout(state).panes.find((placed) => placed.pane === 'data');
  if (!pane) return null;
  const height = profileRoom(paneInner(state, 'data').height);
  const rect = { ...pane.rect, y: pane.rect.y + pane.rect.height - height, height };
  const column = cursorColumn(state.data)?.column;
  const profile = profileOf(state);
  const inner = { width: rect.width - 2, height: height - 2, bar };
  const lines = profile
    ? drawProfile(profile, inner, theme)
    : messageLines(
        { text: profile === null ? 'There is no profile of such a column.' : 'Reading the column.' },
        inner.width,
        theme,
      );
  const title = [span(`column ${displayText(column?.name.slice(0, 200) ?? '')}`, 'title')];
  return box({ title, note: [span('h l column, j k bar, enter filters on it', 'muted')], lines }, rect, theme);
};
