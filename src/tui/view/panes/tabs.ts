import { drawCode } from '../../../draw/code.ts';
import type { Note } from '../../../draw/frame.ts';
import { drawGrid } from '../../../draw/grid.ts';
import { type Span, span } from '../../../draw/line.ts';
import { drawLog } from '../../../draw/log.ts';
import { byteSize, fullCount } from '../../../draw/numbers.ts';
import { displayText } from '../../../draw/text-width.ts';
import type { Theme } from '../../../draw/theme.ts';
import { chunkRows } from '../../state/reduce/data.ts';
import { topOf } from '../../state/reduce/logs.ts';
import { codeView, dataView, openProject, outputsOf } from '../../state/select.ts';
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

export const dataPane = (state: State, { width, height, focused }: PaneSize, theme: Theme): PaneContent => {
  const view = dataView(state);
  const { data } = state;
  const title = tabTitle(state, theme);
  if (view.kind === 'none')
    return { title, note: [span(view.title, 'muted')], lines: messageLines({ text: view.reason }, width, theme) };
  if (data.trouble) {
    const message = { text: data.trouble.message, fix: data.trouble.fix, kind: 'error' as const };
    return { title, note: [span(view.title, 'muted')], lines: messageLines(message, width, theme) };
  }
  if (!data.loaded)
    return {
      title,
      note: [span(view.title, 'muted')],
      lines: messageLines({ text: 'Reading the rows.' }, width, theme),
    };
  const rowAt = (index: number) => data.chunks.get(Math.floor(index / chunkRows))?.[index % chunkRows];
  const lines = drawGrid(
    { columns: data.columns, widths: data.widths, rowCount: data.rowCount, rowAt },
    { width, height, top: data.top, firstColumn: data.firstColumn, cursor: data.cursor, focused },
    theme,
  );
  const outputs = outputsOf(state);
  const several = view.kind === 'output' && outputs.length > 1;
  const note = [
    noted(view.title, 3),
    noted(several ? `[ ] ${Math.min(data.output, outputs.length - 1) + 1} of ${outputs.length}` : '', 2),
    noted(`${data.estimated ? '~' : ''}${fullCount(data.rowCount)} rows`, 5),
    noted(`${data.columns.length} columns`, 1),
    noted(view.kind === 'output' && view.output.bytes !== null ? byteSize(view.output.bytes) : '', 0),
    noted(data.rowCount > 0 ? `cell ${fullCount(data.cursor.row + 1)},${data.cursor.column + 1}` : '', 4),
  ];
  return { title, note, lines };
};

/** The whole value under the cursor, for the status line: cells may be cut. */
export const currentCell = (state: State): string => {
  const { data } = state;
  const row = data.chunks.get(Math.floor(data.cursor.row / chunkRows))?.[data.cursor.row % chunkRows];
  const column = data.columns[data.cursor.column];
  if (!row || !column) return '';
  const value = row[data.cursor.column] ?? null;
  const text = value === null ? 'NULL' : value === '' ? "'' (empty text)" : displayText(String(value).slice(0, 2_000));
  return `${displayText(column.name)} ${column.type}: ${text}`;
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
