import { createRequire } from 'node:module';
import { visibleText } from './visible-text.ts';

/** Loaded when the first text needs it: its tables and patterns cost a start 15 ms, and most screens are simple text. */
const lazily = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

type StringWidth = typeof import('string-width').default;
const load = createRequire(import.meta.url);
const stringWidth = lazily(() => (load('string-width') as { default: StringWidth }).default);
const segmenter = lazily(() => new Intl.Segmenter(undefined, { granularity: 'grapheme' }));
const printableAscii = /^[\x20-\x7e]*$/;
/**
 * Text of which every code unit is one grapheme of one column: ASCII, Latin, dashes and quotes, arrows, mathematics, boxes, our own signs.
 * Nothing in it combines, and it needs no segmenter (a frame of 200x60 holds some 3,000 such characters that are not ASCII).
 */
const simple =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2200-\u22ff\u2500-\u25fc\u2713\u2717]*$/;
export const isSimple = (text: string): boolean => simple.test(text);

const cacheLimit = 2_000;
/** A cell of a megabyte would be held long after it was seen. */
const longestKept = 500;
let cache = new Map<string, number>();

/** Terminal columns that a text without control characters takes. */
export const textWidth = (text: string): number => {
  if (simple.test(text)) return text.length;
  const known = cache.get(text);
  if (known !== undefined) return known;
  const width = stringWidth()(text);
  if (text.length > longestKept) return width;
  if (cache.size >= cacheLimit) cache = new Map();
  cache.set(text, width);
  return width;
};

/** What a reader calls characters: combining marks and emoji sequences stay whole. */
export const graphemes = (text: string): string[] =>
  simple.test(text) ? text.split('') : Array.from(segmenter().segment(text), ({ segment }) => segment);

/**
 * Foreign text on one line: tabs become spaces, control characters visible signs. Graphemes without a width of their own
 * (a lone joiner, a stray combining mark) are dropped, since terminals disagree on where they put them.
 */
export const displayText = (text: string): string => {
  if (printableAscii.test(text)) return text;
  const visible = visibleText(text.replaceAll('\t', '    '));
  if (simple.test(visible)) return visible;
  return graphemes(visible)
    .filter((grapheme) => textWidth(grapheme) > 0)
    .join('');
};

/** The part of a text between two columns; a wide character cut in half becomes a blank. */
export const sliceColumns = (text: string, from: number, width: number): string => {
  if (width <= 0) return '';
  if (simple.test(text)) return text.slice(from, from + width);
  let column = 0;
  let result = '';
  for (const grapheme of graphemes(text)) {
    const size = textWidth(grapheme);
    const end = column + size;
    if (end > from && column < from + width) {
      result +=
        column < from || end > from + width
          ? ' '.repeat(Math.min(end, from + width) - Math.max(column, from))
          : grapheme;
    }
    column = end;
    if (column >= from + width) break;
  }
  return result;
};

/** Cut to `width` columns; `ellipsis` (one column) marks that something is missing. */
export const truncate = (text: string, width: number, ellipsis = '…'): string => {
  if (textWidth(text) <= width) return text;
  if (width <= 0) return '';
  return sliceColumns(text, 0, width - 1) + ellipsis;
};

/** Exactly `width` columns: cut or filled with blanks at the right, or at the left for numbers. */
export const fitted = (text: string, width: number, align: 'left' | 'right' = 'left', ellipsis = '…'): string => {
  const cut = truncate(text, width, ellipsis);
  const blanks = ' '.repeat(Math.max(0, width - textWidth(cut)));
  return align === 'left' ? cut + blanks : blanks + cut;
};
