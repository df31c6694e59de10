import type { CellValue, Column } from '../model/output.ts';
import { cellText } from './grid.ts';
import { line, span } from './line.ts';
import type { DrawnText } from './text-lines.ts';
import { displayText, fitted, textWidth } from './text-width.ts';
import type { Theme } from './theme.ts';

/** A row as a record: a line for each column with its name, type and value. */
export const drawFields = (
  columns: readonly Column[],
  values: readonly CellValue[],
  { width, height, top }: { width: number; height: number; top: number },
  theme: Theme,
): DrawnText => {
  const first = Math.max(0, Math.min(top, columns.length - height));
  const shown = columns.slice(first, first + height);
  const nameOf = ({ name }: Column): string => displayText(name.slice(0, 200));
  const nameWidth = Math.min(40, width >> 1, Math.max(1, ...shown.map((column) => textWidth(nameOf(column)))));
  const lines = shown.map((column, index) => {
    const value = values[first + index] ?? null;
    const text = value === '' ? "''" : cellText(value, theme);
    return line(
      [
        span(` ${fitted(nameOf(column), nameWidth, 'left', theme.glyphs.ellipsis)} `, 'strong'),
        span(`${fitted(displayText(column.type), 12, 'left', theme.glyphs.ellipsis)} `, 'type'),
        span(text, value === null ? 'null' : undefined),
      ],
      width,
      theme,
    );
  });
  return { lines, top: first, count: columns.length };
};
