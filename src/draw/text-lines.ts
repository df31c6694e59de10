import { line, span } from './line.ts';
import { displayText, textWidth } from './text-width.ts';
import type { Theme } from './theme.ts';

type Viewport = { width: number; height: number; top: number };
export type DrawnText = { lines: string[]; top: number; count: number };

/** A long text, wrapped to the width; only the lines in view are drawn. */
export const drawText = (text: string, { width, height, top }: Viewport, theme: Theme): DrawnText => {
  const rows = wrappedText(text, Math.max(4, width - 2));
  const first = Math.max(0, Math.min(top, rows.length - height));
  const lines = rows.slice(first, first + height).map((row) => line([span(` ${displayText(row)}`)], width, theme));
  return { lines, top: first, count: rows.length };
};

let last: { text: string; width: number; rows: string[] } | null = null;

/** A value of 1 MB is wrapped once and not at every key. */
const wrappedText = (text: string, width: number): string[] => {
  if (last?.text === text && last.width === width) return last.rows;
  const rows = text.split('\n').flatMap((part) => wrapOne(part, width));
  last = { text, width, rows };
  return rows;
};

/** Cut so that what is shown fits, by code points: 1 MB segmented into graphemes took seconds. */
const wrapOne = (text: string, width: number): string[] => {
  const rows: string[] = [];
  if (/^[\x20-\x7e]*$/.test(text)) {
    for (let at = 0; at < text.length || at === 0; at += width) rows.push(text.slice(at, at + width));
    return rows;
  }
  let start = 0;
  let at = 0;
  let used = 0;
  let joins = false;
  for (const char of text) {
    const code = char.codePointAt(0)!;
    const belongs = joins || (code >= 0x300 && isPartOfLast(code, char));
    const size = belongs ? 0 : columnsOf(code, char);
    if (used + size > width && at > start) {
      rows.push(text.slice(start, at));
      start = at;
      used = 0;
    }
    at += char.length;
    used += size;
    joins = code === zeroWidthJoiner;
  }
  return [...rows, text.slice(start)];
};

const zeroWidthJoiner = 0x200d;
const marks = /^(\p{M}|[\u200d\u{1f3fb}-\u{1f3ff}])$/u;

/** Marks, joiners and skin tones stay with the letter before them. */
const isPartOfLast = (code: number, char: string): boolean => !isPlain(code) && !isWide(code) && marks.test(char);

/** Never too few: a line that is too long would be cut. */
const columnsOf = (code: number, char: string): number => {
  if (isPlain(code)) return 1;
  if (isWide(code) || code > 0xffff) return 2;
  return Math.max(1, textWidth(displayText(char)));
};

/** Letters of one column: Latin, Greek, Cyrillic, Hebrew, Arabic. */
const isPlain = (code: number): boolean =>
  (code >= 0x20 && code <= 0x7e) ||
  (code >= 0xae && code <= 0x24f) ||
  (code >= 0x391 && code <= 0x3c9) ||
  (code >= 0x410 && code <= 0x44f) ||
  (code >= 0x5d0 && code <= 0x5ea) ||
  (code >= 0x620 && code <= 0x64a);

/** Letters of two columns: kana, Han, Hangul, full-width forms. */
const isWide = (code: number): boolean =>
  (code >= 0x3041 && code <= 0x3096) ||
  (code >= 0x30a1 && code <= 0x30fa) ||
  (code >= 0x4e00 && code <= 0x9fff) ||
  (code >= 0xac00 && code <= 0xd7a3) ||
  (code >= 0xff01 && code <= 0xff60);
