import type { LogLevel, LogLine } from '../model/run.ts';
import { line, type Span, sliceSpans, span } from './line.ts';
import { displayText, fitted } from './text-width.ts';
import type { Theme, Token } from './theme.ts';

export type LogViewport = {
  width: number;
  height: number;
  /** First line shown. */
  top: number;
  /** Columns scrolled to the right. */
  left: number;
  /** Lines of several blocks: each says whose it is. */
  named: boolean;
  /** Lower-case text to mark, or ''. */
  search: string;
  cursor: number | null;
};

/** The lines in view and no others, so that a log of a million lines costs the same as one of ten. */
export const drawLog = (lines: readonly LogLine[], viewport: LogViewport, theme: Theme): string[] => {
  const { top, height, width, left, named, search, cursor } = viewport;
  return lines.slice(top, top + height).map((entry, index) => {
    const head: Span[] = [span(` ${timeOfDay(entry.time)} `, 'muted')];
    if (named) head.push(span(`${fitted(displayText(entry.block ?? 'run'), nameWidth)} `, 'info'));
    const headWidth = 14 + (named ? nameWidth + 1 : 0);
    const text = marked(displayText(entry.text), search, levelTokens[entry.level]);
    const under = top + index === cursor ? 'selected' : undefined;
    return line([...head, ...sliceSpans(text, left, Math.max(0, width - headWidth))], width, theme, under);
  });
};

const nameWidth = 14;

const levelTokens: Record<LogLevel, Token | undefined> = {
  debug: 'muted',
  info: undefined,
  warning: 'warning',
  error: 'error',
};

const marked = (text: string, search: string, token: Token | undefined): Span[] => {
  if (search === '') return [span(text, token)];
  const spans: Span[] = [];
  const lower = text.toLowerCase();
  let from = 0;
  for (let at = lower.indexOf(search); at !== -1; at = lower.indexOf(search, from)) {
    if (at > from) spans.push(span(text.slice(from, at), token));
    spans.push(span(text.slice(at, at + search.length), 'match'));
    from = at + search.length;
  }
  spans.push(span(text.slice(from), token));
  return spans;
};

/** 07:31:02.114 in the reader's own time zone. */
export const timeOfDay = (iso: string): string => {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return fitted(displayText(iso), 12);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  return `${clock}.${String(time.getMilliseconds()).padStart(3, '0')}`;
};
