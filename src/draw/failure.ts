import type { BlockError, FailedRow, LogLine, TestResult } from '../model/run.ts';
import { drawCode } from './code.ts';
import { edgeLine, line, type Span, span, spansWidth } from './line.ts';
import { drawLog } from './log.ts';
import { fullCount } from './numbers.ts';
import { displayText, sliceColumns, textWidth } from './text-width.ts';
import type { Theme } from './theme.ts';

export type Failure = {
  block: string;
  error: BlockError;
  /** `attempt 2 of 3`. */
  attempt: string;
  /** `run 13`. */
  run: string;
  /** Time of day when it failed, or ''. */
  time: string;
  /** Ids of other runs that failed alike, newest first. */
  similar: readonly string[];
  /** File as the user knows it, relative to the project where possible. */
  place: string | null;
  code: readonly string[] | null;
  /** Beside the place: whose code this is. */
  codeNote: string;
  /** Execution date and variables of the run. */
  variables: string;
  tests: readonly TestResult[];
  log: readonly LogLine[];
  logCount: number;
  notRun: readonly string[];
  kept: readonly string[];
};

type Size = { width: number; height: number };

const contextLines = 2;
const mostMessageLines = 6;
const mostTests = 3;
const mostLogLines = 8;

/** Message, file and line, code, row, log, consequence: in that order, since that is the order of the questions. */
export const drawFailure = (failure: Failure, { width, height }: Size, theme: Theme): string[] => {
  const blank = ' '.repeat(width);
  const place = placeRows(failure, width, theme);
  const rows = [
    headRow(failure, width, theme),
    blank,
    ...messageRows(failure, width, theme),
    ...testRows(failure, width, theme),
    blank,
    ...place,
    ...(place.length > 0 ? [blank] : []),
    ...rowRows(failure.error.row ?? null, width, theme),
  ];
  const after = consequences(failure, width, theme);
  const room = height - rows.length - after.length - 2;
  return [...rows, ...logRows(failure, { width, height: room }, theme), ...after].slice(0, height);
};

const indented = (width: number, theme: Theme, ...spans: Span[]): string => line([span('   '), ...spans], width, theme);

const headRow = ({ block, error, attempt, run, time, similar }: Failure, width: number, theme: Theme): string => {
  const dot = ` ${theme.glyphs.dot} `;
  const left = [
    span(` ${theme.glyphs.status.failed} `, 'error'),
    span(displayText(block), 'strong'),
    span(`${dot}${displayText(error.type)}${dot}${attempt}`),
    span(`${dot}${run}`, 'muted'),
  ];
  const withTime = time === '' ? left : [...left, span(`${dot}${time}`, 'muted')];
  const shown = similar.slice(0, 4).map(displayText).join(' ');
  const more = similar.length > 4 ? ` ${theme.glyphs.ellipsis}` : '';
  const count = `${similar.length} similar`;
  if (similar.length === 0) return edgeLine(withTime, [], width, theme);
  // That there are any is said also where their numbers do not fit, and before the time.
  const forms: [Span[], string][] = [
    [withTime, ` ${count}: ${shown}${more} `],
    [withTime, ` ${count} `],
    [left, ` ${count} `],
  ];
  const [shownLeft, right] = forms.find(([spans, text]) => spansWidth(spans) + textWidth(text) <= width) ?? [
    withTime,
    '',
  ];
  return edgeLine(shownLeft, [span(right, 'warning')], width, theme);
};

const messageRows = ({ error }: Failure, width: number, theme: Theme): string[] => [
  ...wrapped(error.message, width - 4, mostMessageLines).map((text) => indented(width, theme, span(text, 'error'))),
  ...(error.fix ? wrapped(error.fix, width - 4, 2).map((text) => indented(width, theme, span(text, 'info'))) : []),
];

const testRows = ({ tests }: Failure, width: number, theme: Theme): string[] => {
  if (tests.length === 0) return [];
  const failed = tests.filter(({ passed }) => !passed);
  const rows = failed.slice(0, mostTests).map(({ name, message }) => {
    const text = message ? `: ${displayText(message.split('\n')[0]!)}` : '';
    return indented(width, theme, span(`${theme.glyphs.status.failed} test ${displayText(name)}`, 'error'), span(text));
  });
  const rest = failed.length - rows.length;
  if (rest > 0) rows.push(indented(width, theme, span(`and ${rest} more tests that failed`, 'muted')));
  return rows;
};

const placeRows = ({ place, error, code, codeNote, variables }: Failure, width: number, theme: Theme): string[] => {
  if (!place) return [];
  const left = [span('   '), span(displayText(place) + (error.line ? `:${error.line}` : ''), 'strong')];
  if (codeNote) left.push(span(`  ${codeNote}`, 'warning'));
  const room = width - spansWidth(left) - 2;
  const right = textWidth(variables) <= room ? [span(`${variables} `, 'muted')] : [];
  const head = edgeLine(left, right, width, theme);
  return code && error.line ? [head, ...codeContext(code, error.line, width, theme)] : [head];
};

const codeContext = (code: readonly string[], at: number, width: number, theme: Theme): string[] => {
  const top = Math.max(0, at - 1 - contextLines);
  const height = Math.min(contextLines * 2, Math.max(1, code.length - top));
  const viewport = { width: width - 3, height, top, left: 0, marked: at };
  return drawCode(code, viewport, theme).map((text) => `   ${text}`);
};

/** The row, as many of its values as fit. */
const rowRows = (row: FailedRow | null, width: number, theme: Theme): string[] => {
  if (!row) return [];
  const number = row.number === null ? '' : ` ${fullCount(row.number)}`;
  const head = [span(`   row${number}`, 'strong'), span(row.input === null ? '' : ` of ${displayText(row.input)}`)];
  const values = row.values.flatMap(([column, value], index): Span[] => [
    ...(index > 0 ? [span(` ${theme.glyphs.dot} `, 'muted')] : []),
    span(`${displayText(column)} `, 'muted'),
    value === null ? span('NULL', 'null') : span(value === '' ? "''" : displayText(value.slice(0, 200))),
  ]);
  return [
    edgeLine(head, [span('i shows the rows ', 'muted')], width, theme),
    indented(width, theme, span('  '), ...values),
    ' '.repeat(width),
  ];
};

const logRows = ({ log, logCount }: Failure, { width, height }: Size, theme: Theme): string[] => {
  if (log.length === 0 || height <= 0) return [];
  const lines = log.slice(-Math.min(height, mostLogLines));
  const head = edgeLine(
    [span(`   log, last ${lines.length} of ${fullCount(logCount)} lines`, 'muted')],
    [span('4 shows all ', 'muted')],
    width,
    theme,
  );
  const viewport = {
    width: width - 3,
    height: lines.length,
    top: 0,
    left: 0,
    named: false,
    search: '',
    cursor: null,
  };
  return [head, ...drawLog(lines, viewport, theme).map((text) => `   ${text}`), ' '.repeat(width)];
};

/** On one line where both fit. */
const consequences = ({ notRun, kept }: Failure, width: number, theme: Theme): string[] => {
  const part = (label: string, names: readonly string[]): Span[] =>
    names.length > 0 ? [span(`${label}: `, 'muted'), span(names.map(displayText).join(', '))] : [];
  const parts = [part('not run because of it', notRun), part('kept', kept)].filter((spans) => spans.length > 0);
  const both = parts.flatMap((spans, index) => [
    ...(index > 0 ? [span(` ${theme.glyphs.dot} `, 'muted')] : []),
    ...spans,
  ]);
  if (parts.length < 2 || spansWidth(both) + 4 <= width)
    return both.length > 0 ? [indented(width, theme, ...both)] : [];
  return parts.map((spans) => indented(width, theme, ...spans));
};

/** A message on several rows, broken at blanks where possible. */
export const wrapped = (text: string, width: number, most: number): string[] => {
  const rows: string[] = [];
  for (const paragraph of text.split('\n')) {
    let rest = displayText(paragraph);
    while (textWidth(rest) > width && rows.length < most) {
      const head = sliceColumns(rest, 0, width);
      const blank = head.lastIndexOf(' ');
      const cut = blank > width / 2 ? blank : head.length;
      rows.push(rest.slice(0, cut));
      rest = rest.slice(cut).trimStart();
    }
    if (rows.length >= most) break;
    rows.push(rest);
  }
  return rows.slice(0, most);
};
