import { line, span } from './line.ts';
import { displayText, graphemes, textWidth } from './text-width.ts';
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

const wrapOne = (text: string, width: number): string[] => {
  const rows: string[] = [];
  // Control characters are shown as one sign each; cut on the raw text, which is never shorter than what is shown.
  const isPlain = /^[\x20-\x7e]*$/.test(text);
  if (isPlain) for (let at = 0; at < text.length || at === 0; at += width) rows.push(text.slice(at, at + width));
  if (isPlain) return rows;
  let row = '';
  let used = 0;
  for (const grapheme of graphemes(text)) {
    const size = textWidth(displayText(grapheme));
    if (used + size > width) {
      rows.push(row);
      row = '';
      used = 0;
    }
    row += grapheme;
    used += size;
  }
  return [...rows, row];
};
