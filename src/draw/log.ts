import type { LogLevel, LogLine } from '../model/run.ts';
import { foldedJson } from './folded-json.ts';
import { line, type Span, sliceSpans, span, spansWidth } from './line.ts';
import { clock } from './numbers.ts';
import { displayText, fitted, isSimple, sliceColumns, textWidth } from './text-width.ts';
import type { Theme, Token } from './theme.ts';

type LogViewport = {
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
  /** Index of the line under the cursor. */
  cursor: number | null;
  /** Indexes of the first and the last of the lines that are marked. */
  marked?: { from: number; to: number } | null;
  /** Time of day by default; `since` counts from `began` (ISO 8601). */
  time?: 'clock' | 'since' | 'none';
  began?: string | null;
  /** Long lines go on below. */
  wrap?: boolean;
  /** The last line stands in the last row, however many rows lines take. */
  bottom?: boolean;
  /** Lines of JSON as message and values. */
  folded?: boolean;
  /** Sequence after which a rule is drawn. */
  mark?: number | null;
};

/** How one line is drawn, wherever it stands. */
export type LogLineLook = Omit<LogViewport, 'height' | 'top' | 'cursor' | 'marked' | 'bottom'>;

/** The lines in view and no others, so that a log of a million lines costs the same as one of ten. */
export const drawLog = (lines: readonly LogLine[], viewport: LogViewport, theme: Theme): string[] => {
  const { top, height, cursor, marked, bottom } = viewport;
  const rows: string[] = [];
  const shown = lines.slice(top, top + height);
  for (const [index, entry] of shown.entries()) {
    const at = top + index;
    const isUnder = at === cursor || (marked && at >= marked.from && at <= marked.to);
    rows.push(...lineRows(entry, viewport, theme, isUnder ? 'selected' : undefined));
    if (rows.length >= height && !bottom) break;
  }
  return bottom ? rows.slice(-height) : rows.slice(0, height);
};

/** Rows that a line takes, its rule included. */
export const rowCount = (entry: LogLine, look: LogLineLook, theme: Theme): number =>
  look.wrap || entry.sequence === look.mark ? lineRows(entry, look, theme).length : 1;

const lineRows = (entry: LogLine, look: LogLineLook, theme: Theme, under?: Token): string[] => {
  const { width, left, wrap, mark } = look;
  const head = headOf(entry, look);
  const room = Math.max(1, width - spansWidth(head));
  const text = searched(textOf(entry, look), look.search, levelTokens[entry.level]);
  const pieces = wrap ? wrappedSpans(text, room) : [sliceSpans(text, left, room)];
  const rest = span(' '.repeat(spansWidth(head)));
  const rows = pieces.map((piece, index) => line([...(index === 0 ? head : [rest]), ...piece], width, theme, under));
  if (entry.sequence !== mark) return rows;
  const rule = theme.glyphs.lines[10]!;
  return [...rows, line([span(` ${rule}${rule} mark ${rule.repeat(Math.max(0, width - 9))}`, 'info')], width, theme)];
};

const headOf = (entry: LogLine, { time = 'clock', began, named }: LogLineLook): Span[] => {
  const spans: Span[] = [
    span(
      time === 'none' ? ' ' : ` ${time === 'clock' ? timeOfDay(entry.time) : timeSince(entry.time, began)} `,
      'muted',
    ),
  ];
  if (named) spans.push(span(`${fitted(displayText(entry.block ?? 'run'), nameWidth)} `, 'info'));
  return spans;
};

const textOf = ({ text }: LogLine, { folded }: LogLineLook): string =>
  displayText((folded ? foldedJson(text) : null) ?? text);

const nameWidth = 14;

const levelTokens: Record<LogLevel, Token | undefined> = {
  debug: 'muted',
  info: undefined,
  warning: 'warning',
  error: 'error',
};

const searched = (text: string, search: string, token: Token | undefined): Span[] => {
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

/** A coloured line as rows of at most `width` columns; a wide character that does not fit begins the next row. */
const wrappedSpans = (spans: readonly Span[], width: number): Span[][] => {
  const rows: Span[][] = [[]];
  let room = width;
  for (const piece of spans) {
    let { text } = piece;
    while (text !== '') {
      const head = headThatFits(text, room);
      if (head === '' && room < width) {
        rows.push([]);
        room = width;
        continue;
      }
      // Wider than a whole row: it is shown cut.
      const taken = head === '' ? sliceColumns(text, 0, room) : head;
      rows.at(-1)!.push({ ...piece, text: taken });
      room -= textWidth(taken);
      text = text.slice(head === '' ? text.length : head.length);
    }
  }
  return rows;
};

const headThatFits = (text: string, room: number): string => {
  if (isSimple(text)) return text.slice(0, Math.max(0, room));
  const cut = sliceColumns(text, 0, room);
  // The slice of a text with half a wide character ends in a blank that is not in the text.
  return text.startsWith(cut) ? cut : cut.slice(0, -1);
};

/** 07:31:02.114 in the reader's own time zone. */
export const timeOfDay = (iso: string): string => {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return fitted(displayText(iso), 12);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  return `${clock}.${String(time.getMilliseconds()).padStart(3, '0')}`;
};

/** 0:07.114 since the run began, as wide as a time of day. */
const timeSince = (iso: string, began: string | null | undefined): string => {
  const passed = Date.parse(iso) - Date.parse(began ?? '');
  if (Number.isNaN(passed)) return fitted('', 12);
  const text = `${clock(passed)}.${String(Math.max(0, passed) % 1_000).padStart(3, '0')}`;
  return fitted(text, 12, 'right');
};
