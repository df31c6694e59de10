import { line, span } from '../../draw/line.ts';
import { displayText, graphemes, sliceColumns, textWidth } from '../../draw/text-width.ts';
import type { Theme } from '../../draw/theme.ts';
import type { EditedText } from '../state/line-edit.ts';

type Size = { width: number; height: number };

/** What is being typed, with the cursor as an inverse cell. One line scrolls sideways; of several long ones go on below. The cursor stays in sight. */
export const typedLines = (typed: EditedText, size: Size, theme: Theme): string[] => {
  const { text, at } = typed;
  const before = text.slice(0, at).split('\n');
  const cursor = { row: before.length - 1, place: before.at(-1)!.length };
  const rows = text.split('\n').map((row) => ({ text: row, cursor: null as number | null }));
  rows[cursor.row]!.cursor = cursor.place;
  const shown = size.height === 1 ? rows : rows.flatMap((row) => brokenAt(row, size.width - 2));
  const under = shown.findIndex((row) => row.cursor !== null);
  const first = Math.max(0, Math.min(under - size.height + 1, shown.length - size.height));
  return shown.slice(first, first + size.height).map((row) => drawnRow(row, size.width, theme));
};

type Row = { text: string; cursor: number | null };

/** Pieces of at most so many columns; the cursor's place counts within its piece, and one at the end of a full piece begins the next. */
const brokenAt = ({ text, cursor }: Row, width: number): Row[] => {
  const pieces: { text: string; start: number; columns: number }[] = [{ text: '', start: 0, columns: 0 }];
  let at = 0;
  for (const letter of graphemes(text)) {
    const columns = textWidth(displayText(letter));
    const piece = pieces.at(-1)!;
    if (piece.columns + columns > width && piece.text !== '') pieces.push({ text: letter, start: at, columns });
    else {
      piece.text += letter;
      piece.columns += columns;
    }
    at += letter.length;
  }
  if (cursor === text.length && pieces.at(-1)!.columns >= width) pieces.push({ text: '', start: at, columns: 0 });
  const on = cursor === null ? -1 : pieces.findLastIndex(({ start }) => start <= cursor);
  return pieces.map((piece, index) => ({ text: piece.text, cursor: index === on ? cursor! - piece.start : null }));
};

const drawnRow = ({ text, cursor }: Row, width: number, theme: Theme): string => {
  if (cursor === null) return line([span(` ${displayText(text)}`)], width, theme);
  const left = displayText(text.slice(0, cursor));
  const [under = '', ...rest] = graphemes(text.slice(cursor));
  const room = width - 3;
  const from = Math.max(0, textWidth(left) - room);
  return line(
    [
      span(` ${sliceColumns(left, from, room)}`),
      span(under === '' ? ' ' : displayText(under), 'selected'),
      span(displayText(rest.join(''))),
    ],
    width,
    theme,
  );
};
