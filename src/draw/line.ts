import { fitted, sliceColumns, textWidth } from './text-width.ts';
import type { Theme, Token } from './theme.ts';

/** A piece of a line. `also` adds a second token's look (bold and green, say). The text must already be safe to print. */
export type Span = { text: string; token?: Token; also?: Token };

export const span = (text: string, token?: Token, also?: Token): Span => ({ text, token, also });

export const spansWidth = (spans: readonly Span[]): number =>
  spans.reduce((width, { text }) => width + textWidth(text), 0);

/** One row as a string of exactly `width` columns with its SGR; `under` lies below every span, as for a selected row. */
export const line = (spans: readonly Span[], width: number, theme: Theme, under?: Token): string => {
  let room = width;
  let result = '';
  for (const { text, token, also } of spans) {
    if (room <= 0) break;
    const last = textWidth(text) > room;
    const shown = last ? fitted(text, room, 'left', theme.glyphs.ellipsis) : text;
    result += paint(shown, theme, token, also, under);
    room -= textWidth(shown);
  }
  return room > 0 ? result + paint(' '.repeat(room), theme, undefined, undefined, under) : result;
};

/** A text with the SGR of its tokens around it. */
export const paint = (text: string, theme: Theme, ...tokens: (Token | undefined)[]): string => {
  const parameters = tokens
    .map((token) => (token ? theme.sgr[token] : ''))
    .filter((parameter) => parameter !== '')
    .join(';');
  return parameters === '' || text === '' ? text : `\u001b[${parameters}m${text}\u001b[0m`;
};

/** Left and right part of one row; the right one gives way last, so that a state or a key stays in sight. */
export const edgeLine = (left: readonly Span[], right: readonly Span[], width: number, theme: Theme): string => {
  const rightWidth = Math.min(spansWidth(right), width);
  return line(left, width - rightWidth, theme) + line(right, rightWidth, theme);
};

/** The spans between two columns: sideways scrolling of a coloured line. */
export const sliceSpans = (spans: readonly Span[], from: number, width: number): Span[] => {
  const result: Span[] = [];
  let column = 0;
  for (const piece of spans) {
    const size = textWidth(piece.text);
    const start = Math.max(from, column);
    const end = Math.min(from + width, column + size);
    if (end > start) result.push({ ...piece, text: sliceColumns(piece.text, start - column, end - start) });
    column += size;
  }
  return result;
};
