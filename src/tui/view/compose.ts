import { parseRow, type Style, sgrBetween } from '../term/cells.ts';
import type { Part } from './screen.ts';

/** Parts laid over each other as whole rows: the first frame needs no React (architecture.md 8). */
export const composeLines = (parts: readonly Part[], { columns, rows }: { columns: number; rows: number }): string[] =>
  Array.from({ length: rows }, (_, y) => composeRow(parts, columns, y));

const composeRow = (parts: readonly Part[], columns: number, y: number): string => {
  const chars: string[] = new Array(columns).fill(' ');
  const styles: Style[] = new Array(columns).fill(0);
  for (const { rect, lines } of parts) {
    const text = lines[y - rect.y];
    if (text === undefined || y < rect.y || y >= rect.y + rect.height) continue;
    const cells = parseRow(text, rect.width);
    for (let x = 0; x < rect.width && rect.x + x < columns; x++) {
      chars[rect.x + x] = cells.chars[x]!;
      styles[rect.x + x] = cells.styles[x]!;
    }
  }
  let row = '';
  let style: Style = 0;
  for (let x = 0; x < columns; x++) {
    row += sgrBetween(style, styles[x]!) + chars[x]!;
    style = styles[x]!;
  }
  return row + sgrBetween(style, 0);
};
