import { drawCode } from '../../../draw/code.ts';
import type { Note } from '../../../draw/frame.ts';
import { type Span, span } from '../../../draw/line.ts';
import { displayText } from '../../../draw/text-width.ts';
import type { Theme } from '../../../draw/theme.ts';
import { codeView, openProject } from '../../state/select.ts';
import type { State, Tab } from '../../state/state.ts';
import type { PaneContent, PaneSize } from './lists.ts';
import { messageLines } from './message.ts';

export const noted = (text: string, weight: number): Note => ({ text, token: 'muted', weight });

/** `4 Logs │ 5 Data │ …` with the open one bright; short: only the numbers of the others. */
export const tabTitle = (state: State, theme: Theme, short = false): Span[] => {
  const names: [Tab, string][] = [
    ['logs', '4 Logs'],
    ['data', '5 Data'],
    ['code', '6 Code'],
    ['time', '7 Time'],
    ['details', '8 Details'],
  ];
  return names.flatMap(([tab, name], index) => [
    ...(index > 0 ? [span(` ${theme.glyphs.separator} `, 'border')] : []),
    span(
      short && tab !== state.tab ? name.slice(0, 1) : name,
      tab === state.tab ? 'title' : 'muted',
      tab === state.tab ? 'key' : undefined,
    ),
  ]);
};

export const codePane = (state: State, { width, height }: PaneSize, theme: Theme): PaneContent => {
  const { code } = state;
  const title = tabTitle(state, theme);
  const { line } = codeView(state);
  const note = [span(code.file ? relativePlace(state, code.file) : '', 'muted')];
  if (code.trouble) {
    const message = { text: code.trouble.message, fix: code.trouble.fix, kind: 'error' as const };
    return { title, note, lines: messageLines(message, width, theme) };
  }
  if (code.file === null)
    return { title, note, lines: messageLines({ text: 'This block has no file.' }, width, theme) };
  if (code.lines.length === 0) return { title, note, lines: messageLines({ text: 'Reading the file.' }, width, theme) };
  return {
    title,
    note,
    lines: drawCode(code.lines, { width, height, top: code.top, left: code.left, marked: line }, theme),
  };
};

/** A path as seen from the project. */
export const relativePlace = (state: State, file: string): string => {
  const root = openProject(state)?.path;
  return displayText(root && file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file);
};
