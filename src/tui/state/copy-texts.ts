import type { BlockError, LogLine } from '../../model/run.ts';
import { cursorCell } from './data-grid.ts';
import { markedValues } from './data-selection.ts';
import { failureKey, shownAttempt } from './failure-state.ts';
import { blockFile, blockRun, codeView } from './select.ts';
import type { State } from './state.ts';

/** The cell under the cursor, as much of it as is held; null where there is none. NULL is an empty text. */
export const cellText = ({ data }: State): string | null => {
  const value = cursorCell(data);
  return value === undefined ? null : valueText(value);
};

/** The row under the cursor, or what is marked, with its header, tab-separated: spreadsheets take it as it is. */
export const rowText = ({ data }: State): string | null => {
  const { kind, anchor } = data.selection;
  const isMarked = kind !== 'cell' || anchor !== null;
  const { columns, rows } = markedValues(isMarked ? data : { ...data, selection: { kind: 'row', anchor: null } });
  if (rows.length === 0) return null;
  return [columns.map(({ name }) => name), ...rows.map((row) => row.map(valueText))]
    .map((values) => `${tabLine(values)}\n`)
    .join('');
};

export const valueText = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

/** A tab or a line break in a value would begin another cell. */
const tabLine = (values: readonly string[]): string => values.map((text) => text.replace(/[\t\r\n]+/g, ' ')).join('\t');

/** Type, message, place and traceback of the failure on show. */
export const errorText = (state: State): string | null => {
  const block = blockRun(state, state.block);
  if (!block?.error) return null;
  const error = (failureKey(state) === state.failure.key ? shownAttempt(state, block).error : null) ?? block.error;
  return `${block.uuid} of run ${block.runId}\n${errorLines(error)}`;
};

const errorLines = ({ type, message, file, line, traceback }: BlockError): string =>
  [`${type}: ${message}`, file ? `${file}${line === null ? '' : `:${line}`}` : null, traceback]
    .filter((part) => part !== null)
    .join('\n');

export const logText = (lines: readonly LogLine[]): string =>
  lines.map(({ time, level, block, text }) => `${time} ${level} ${block ?? 'run'} ${text}\n`).join('');

/** The file on show, with the line that failed. */
export const pathText = (state: State): string | null => {
  const error = blockRun(state, state.block)?.error;
  if (state.tab === 'failure' && error?.file) return `${error.file}${error.line === null ? '' : `:${error.line}`}`;
  return codeView(state).file ?? blockFile(state, state.block)?.file ?? null;
};
