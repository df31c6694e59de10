import type { CellValue, Column } from '../model/output.ts';
import { line, type Span, span } from './line.ts';
import { displayText, fitted, textWidth } from './text-width.ts';
import type { Theme, Token } from './theme.ts';

export type Grid = {
  columns: readonly Column[];
  widths: readonly number[];
  rowCount: number;
  /** Undefined while the row is on its way. */
  rowAt(index: number): readonly CellValue[] | undefined;
};

export type GridViewport = {
  width: number;
  height: number;
  top: number;
  firstColumn: number;
  cursor: { row: number; column: number };
  focused: boolean;
};

export const gridHeaderHeight = 3;
const widestColumn = 40;
const numeric = /^(u?int|float|double|decimal|numeric|bigint|smallint|integer|real|hugeint|money|serial|bigserial|oid)/;

export const isNumeric = ({ type }: Column): boolean => numeric.test(type);

/** Columns a value takes, before cutting. */
export const cellWidth = (value: CellValue, theme: Theme): number =>
  Math.min(widestColumn, textWidth(cellText(value, theme)));

export const headerWidth = ({ name, type }: Column): number =>
  Math.min(widestColumn, Math.max(textWidth(displayText(name)), textWidth(displayText(type)), 3));

export const rowNumberWidth = (rowCount: number): number => Math.max(3, String(rowCount).length);

/** Columns that fit beside the row numbers from `first` on; the last may be cut. */
export const visibleColumns = (grid: Pick<Grid, 'widths' | 'rowCount'>, first: number, width: number): number => {
  let room = width - rowNumberWidth(grid.rowCount) - 2;
  let count = 0;
  for (let column = first; column < grid.widths.length; column++) {
    const needed = grid.widths[column]! + 3;
    if (count > 0 && needed > room) break;
    room -= needed;
    count += 1;
  }
  return count;
};

/** Header with names and types, a rule, and the rows in view. Numbers stand right, NULL is a sign of its own. */
export const drawGrid = (grid: Grid, viewport: GridViewport, theme: Theme): string[] => {
  const { width, height, top, firstColumn, cursor, focused } = viewport;
  const numberWidth = rowNumberWidth(grid.rowCount);
  const shown = visibleColumns(grid, firstColumn, width);
  const last = Math.min(grid.columns.length, firstColumn + shown + 1);
  const { separator, lines: glyph } = theme.glyphs;
  const between = span(` ${separator} `, 'border');
  const columnsOf = (cell: (column: number) => Span): Span[] => {
    const spans: Span[] = [];
    for (let column = firstColumn; column < last; column++) spans.push(between, cell(column));
    return spans;
  };
  const header = (text: (column: Column) => string, token: Token): Span[] =>
    columnsOf((column) => {
      const described = grid.columns[column]!;
      const align = isNumeric(described) ? 'right' : 'left';
      const at = column === cursor.column && focused ? 'key' : undefined;
      return span(fitted(displayText(text(described)), grid.widths[column]!, align, theme.glyphs.ellipsis), token, at);
    });
  const rule = (column: number): string => glyph[10]!.repeat(grid.widths[column]! + 2);
  let ruleText = glyph[10]!.repeat(numberWidth + 2);
  for (let column = firstColumn; column < last; column++) ruleText += glyph[15]! + rule(column);
  const rows = [
    line(
      [span(` ${fitted('#', numberWidth, 'right')}`, 'muted'), ...header(({ name }) => name, 'strong')],
      width,
      theme,
    ),
    line([span(' '.repeat(numberWidth + 1)), ...header(({ type }) => type, 'type')], width, theme),
    line([span(ruleText, 'border')], width, theme),
  ];
  for (let index = top; index < grid.rowCount && rows.length < height; index++) {
    const values = grid.rowAt(index);
    const onRow = index === cursor.row && focused;
    const cell = (column: number): Span => {
      if (!values) return span(fitted(theme.glyphs.ellipsis, grid.widths[column]!), 'muted');
      const look = onRow && column === cursor.column ? 'selected' : undefined;
      return cellSpan(values[column] ?? null, grid.columns[column]!, grid.widths[column]!, theme, look);
    };
    const number = span(` ${fitted(String(index + 1), numberWidth, 'right')}`, onRow ? 'key' : 'muted');
    rows.push(line([number, ...columnsOf(cell)], width, theme));
  }
  return rows.slice(0, height);
};

const cellSpan = (value: CellValue, column: Column, width: number, theme: Theme, look: Token | undefined): Span => {
  const align = isNumeric(column) ? 'right' : 'left';
  const text = fitted(cellText(value, theme), width, align, theme.glyphs.ellipsis);
  return span(text, value === null ? 'null' : undefined, look);
};

/** NULL is `∅`; an empty text stays empty, which is how one tells them apart. */
export const cellText = (value: CellValue, theme: Theme): string => {
  if (value === null) return theme.glyphs.null;
  // Only as much of a huge cell as can be seen: a 1 MB value must not be measured whole.
  if (typeof value === 'string') return displayText(value.length > longestCell ? value.slice(0, longestCell) : value);
  return String(value);
};

const longestCell = 400;
