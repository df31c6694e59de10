import stringWidth from 'string-width';
import { visibleText } from '../draw/visible-text.ts';

export type TableColumn = { title: string; align?: 'left' | 'right'; width?: number };

/** Rows as aligned text with a header; cells are made safe for the terminal. One line a row. */
export const textTable = (columns: TableColumn[], rows: string[][]): string => {
  const cells = rows.map((row) => row.map((cell) => visibleText(cell)));
  const widths = columns.map((column, index) =>
    Math.min(
      column.width ?? 60,
      Math.max(stringWidth(column.title), ...cells.map((row) => stringWidth(row[index] ?? ''))),
    ),
  );
  const line = (row: string[]): string =>
    row
      .map((cell, index) => pad(cell, widths[index]!, columns[index]!.align ?? 'left'))
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), line(widths.map((width) => '─'.repeat(width))), ...cells.map(line)]
    .map((text) => `${text}\n`)
    .join('');
};

const pad = (cell: string, width: number, align: 'left' | 'right'): string => {
  const text = stringWidth(cell) > width ? `${cut(cell, width - 1)}…` : cell;
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'right' ? space + text : text + space;
};

const cut = (cell: string, width: number): string => {
  let used = 0;
  let text = '';
  for (const { segment } of new Intl.Segmenter().segment(cell)) {
    used += stringWidth(segment);
    if (used > width) break;
    text += segment;
  }
  return text;
};

/** One JSON object on stdout. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? item.toString() : item))}\n`);
};
