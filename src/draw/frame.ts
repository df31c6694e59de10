import { line, paint, type Span, spansWidth } from './line.ts';
import { textWidth } from './text-width.ts';
import type { Theme } from './theme.ts';

/** A part of what stands at the right of the top border; where there is no room the lightest part goes first. */
export type Note = Span & { weight?: number };

export type Frame = {
  width: number;
  height: number;
  title: readonly Span[];
  /** In place of the title where that leaves no room for all notes. */
  shortTitle?: readonly Span[];
  note?: readonly Note[];
  focused: boolean;
  /** Only the row of the title: what the terminal selects is free of borders. Rows are then `width` columns wide. */
  bare?: boolean;
  /** Pre-composed rows of exactly `width - 2` columns; missing ones are blank, further ones are left out. */
  lines: readonly string[];
};

/** A pane with its title in the border: `height` rows of exactly `width` columns. */
export const frame = (
  { width, height, title, shortTitle = title, note = [], focused, lines, bare = false }: Frame,
  theme: Theme,
): string[] => {
  const glyph = theme.glyphs.lines;
  const token = focused ? 'borderFocus' : 'border';
  const edge = (text: string): string => paint(text, theme, token);
  const inner = width - 2;
  const blank = ' '.repeat(Math.max(0, inner));
  const whole = spansWidth(title) + notesWidth(note) + 4 <= inner;
  const rows = [topBorder(inner, whole ? title : shortTitle, note, token, theme)];
  if (bare) return [...rows, ...lines].slice(0, height);
  const side = edge(glyph[5]!);
  for (let row = 0; row < height - 2; row++) rows.push(side + (lines[row] ?? blank) + side);
  rows.push(edge(glyph[3]! + glyph[10]!.repeat(inner) + glyph[9]!));
  return rows.slice(0, height);
};

const notesWidth = (notes: readonly Note[]): number =>
  notes.reduce((width, { text }) => width + (text === '' ? 0 : textWidth(text) + 3), 0);

const topBorder = (
  inner: number,
  title: readonly Span[],
  note: readonly Note[],
  token: 'border' | 'borderFocus',
  theme: Theme,
): string => {
  const glyph = theme.glyphs.lines;
  const room = inner - 2;
  const titleWidth = Math.min(spansWidth(title), room);
  const shown = notesThatFit(note, room - titleWidth - 2, ` ${theme.glyphs.dot} `);
  const noteWidth = spansWidth(shown);
  const middle = room - titleWidth - noteWidth;
  return (
    paint(glyph[6]! + glyph[10]!, theme, token) +
    line(title, titleWidth, theme) +
    paint(glyph[10]!.repeat(Math.max(0, middle)), theme, token) +
    (noteWidth > 0 ? line(shown, noteWidth, theme) : '') +
    paint(glyph[10]! + glyph[12]!, theme, token)
  );
};

const notesThatFit = (notes: readonly Note[], room: number, separator: string): Span[] => {
  const kept = notes.filter(({ text }) => text !== '');
  const joined = (): Span[] =>
    kept.flatMap((note, index) => (index > 0 ? [{ text: separator, token: 'border' as const }, note] : [note]));
  while (kept.length > 0 && spansWidth(joined()) > room) {
    const lightest = Math.min(...kept.map(({ weight = 0 }) => weight));
    kept.splice(
      kept.findIndex(({ weight = 0 }) => weight === lightest),
      1,
    );
  }
  return joined();
};
