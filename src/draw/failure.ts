import type { BlockError, LogLine } from '../model/run.ts';
import { drawCode } from './code.ts';
import { edgeLine, line, type Span, span } from './line.ts';
import { drawLog } from './log.ts';
import { displayText, sliceColumns, textWidth } from './text-width.ts';
import type { Theme } from './theme.ts';

export type Failure = {
  block: string;
  error: BlockError;
  attempt: string;
  /** Run and time: `run 13 · 07:31:18`. */
  when: string;
  /** File as the user knows it, relative to the project where possible. */
  place: string | null;
  code: readonly string[] | null;
  log: readonly LogLine[];
  logCount: number;
  notRun: readonly string[];
  kept: readonly string[];
};

const contextLines = 2;
const mostMessageLines = 6;

/** Message, file and line, code, log, consequence: in that order, since that is the order of the questions. */
export const drawFailure = (failure: Failure, size: { width: number; height: number }, theme: Theme): string[] => {
  const { width, height } = size;
  const { error } = failure;
  const dot = ` ${theme.glyphs.dot} `;
  const textLine = (...spans: Span[]): string => line([span('   '), ...spans], width, theme);
  const blank = ' '.repeat(width);
  const rows = [
    edgeLine(
      [
        span(` ${theme.glyphs.status.failed} `, 'error'),
        span(displayText(failure.block), 'strong'),
        span(`${dot}${displayText(error.type)}${dot}${failure.attempt}`),
      ],
      [span(`${failure.when} `, 'muted')],
      width,
      theme,
    ),
    blank,
    ...wrapped(error.message, width - 4, mostMessageLines).map((text) => textLine(span(text, 'error'))),
    ...(error.fix ? wrapped(error.fix, width - 4, 2).map((text) => textLine(span(text, 'info'))) : []),
    blank,
  ];
  if (failure.place)
    rows.push(textLine(span(displayText(failure.place) + (error.line ? `:${error.line}` : ''), 'strong')));
  if (failure.code && error.line) rows.push(...codeContext(failure.code, error.line, width, theme));
  if (failure.place || failure.code) rows.push(blank);
  const after = consequences(failure, width, theme);
  const room = height - rows.length - after.length - 2;
  if (failure.log.length > 0 && room > 0) {
    const lines = failure.log.slice(-Math.min(room, mostLogLines));
    rows.push(
      edgeLine(
        [span(`   log, last ${lines.length} of ${failure.logCount} lines`, 'muted')],
        [span('4 shows all ', 'muted')],
        width,
        theme,
      ),
    );
    const log = drawLog(
      lines,
      { width: width - 3, height: lines.length, top: 0, left: 0, named: false, search: '', cursor: null },
      theme,
    );
    rows.push(...log.map((text) => `   ${text}`), blank);
  }
  return [...rows, ...after].slice(0, height);
};

const mostLogLines = 8;

const codeContext = (code: readonly string[], at: number, width: number, theme: Theme): string[] => {
  const top = Math.max(0, at - 1 - contextLines);
  const height = contextLines * 2;
  const viewport = { width: width - 3, height, top, left: 0, marked: at };
  return drawCode(code, viewport, theme).map((text) => `   ${text}`);
};

const consequences = ({ notRun, kept }: Failure, width: number, theme: Theme): string[] => {
  const spans: Span[] = [span('   ')];
  if (notRun.length > 0) spans.push(span('not run because of it: ', 'muted'), span(notRun.map(displayText).join(', ')));
  if (kept.length > 0) {
    if (notRun.length > 0) spans.push(span(` ${theme.glyphs.dot} `, 'muted'));
    spans.push(span('kept: ', 'muted'), span(kept.map(displayText).join(', ')));
  }
  return spans.length > 1 ? [line(spans, width, theme)] : [];
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
