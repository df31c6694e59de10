import { drawCode } from '../../../draw/code.ts';
import type { Note } from '../../../draw/frame.ts';
import { type Span, span } from '../../../draw/line.ts';
import { drawLog } from '../../../draw/log.ts';
import { fullCount } from '../../../draw/numbers.ts';
import { displayText } from '../../../draw/text-width.ts';
import type { Theme } from '../../../draw/theme.ts';
import { topOf } from '../../state/reduce/logs.ts';
import { codeView, openProject } from '../../state/select.ts';
import type { State, Tab } from '../../state/state.ts';
import type { PaneContent, PaneSize } from './lists.ts';
import { type Message, messageLines } from './message.ts';

const noted = (text: string, weight: number): Note => ({ text, token: 'muted', weight });

/** `4 Logs │ 5 Data │ 6 Code` with the open one bright. */
export const tabTitle = (state: State, theme: Theme): Span[] => {
  const names: [Tab, string][] = [
    ['logs', '4 Logs'],
    ['data', '5 Data'],
    ['code', '6 Code'],
  ];
  return names.flatMap(([tab, name], index) => [
    ...(index > 0 ? [span(` ${theme.glyphs.separator} `, 'border')] : []),
    span(name, tab === state.tab ? 'title' : 'muted', tab === state.tab ? 'key' : undefined),
  ]);
};

export const logsPane = (state: State, { width, height }: PaneSize, theme: Theme): PaneContent => {
  const { logs } = state;
  const named = logs.scope === 'run';
  const whose = named ? (state.runId ? `run ${state.runId}` : '') : displayText(state.block ?? '');
  const note = [
    noted(whose, 2),
    noted(logs.cut ? 'latest 10,000 lines' : '', 1),
    noted(logs.search === '' ? '' : `/${displayText(logs.search)}`, 1),
    noted(followText(state), 3),
  ];
  if (logs.lines.length === 0)
    return { title: tabTitle(state, theme), note, lines: messageLines(emptyLog(state), width, theme) };
  const viewport = {
    width,
    height,
    top: topOf(state),
    left: logs.left,
    named,
    search: logs.search,
    cursor: logs.match,
  };
  return { title: tabTitle(state, theme), note, lines: drawLog(logs.lines, viewport, theme) };
};

const followText = (state: State): string => {
  const { logs } = state;
  if (logs.follow || logs.lines.length === 0) return logs.lines.length === 0 ? '' : 'follow';
  return `line ${fullCount(topOf(state) + 1)} of ${fullCount(logs.lines.length)}, L follows`;
};

const emptyLog = (state: State): Message => {
  if (state.runId === null) return withoutRun(state);
  return { text: quietLog(state) };
};

/** No run is shown: there is none, or nobody could say so far. */
const withoutRun = (state: State): Message => {
  if (state.trouble && state.instance) return { text: state.trouble.message, fix: state.trouble.fix, kind: 'error' };
  const { database, message } = state.connection;
  if (database === 'down') return { text: message ?? 'The database is down.', kind: 'error' };
  if (!state.pipeline) return { text: 'Choose a pipeline in the tree: 1, then enter.' };
  if (!state.runsLoaded) return { text: 'Waiting for the database.' };
  return { text: 'Nothing has run yet: press r to run this pipeline.' };
};

const quietLog = (state: State): string => {
  if (!state.logs.loaded) return 'Reading the log.';
  return state.logs.scope === 'block'
    ? `${displayText(state.block ?? '')} has written nothing.`
    : 'Nothing has been written yet.';
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
