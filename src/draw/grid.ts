import type { CellValue, Column } from '../model/output.ts';
import { line, type Span, span } from './line.ts';
import { displayText, fitted, textWidth } from './text-width.ts';
import type { Theme, Token } from './theme.ts';

/** Columns as they are shown: hidden ones are left out, so that places are those of the screen. */
export type Grid = {
  columns: readonly Column[];
  widths: readonly number[];
  rowCount: number;
  /** Undefined while the cell is on its way. */
  cellAt(row: number, column: number): CellValue | undefined;
  /** Columns at the left that stay in sight. */
  frozen?: number;
  thousands?: boolean;
  sort?: { column: string; descending: boolean } | null;
  /** Little histograms in a row of their own under the types; blank for a column without one. */
  sparks?: ((column: Column, width: number) => string) | null;
};

type GridViewport = {
  width: number;
  height: number;
  top: number;
  firstColumn: number;
  cursor: { row: number; column: number };
  /** Marked besides the cursor. */
  selected?(row: number, column: number): boolean;
  focused: boolean;
};

export const gridHeaderHeight = 3;
const widestColumn = 40;
const numeric = /^(u?int|float|double|decimal|numeric|bigint|smallint|integer|real|hugeint|money|serial|bigserial|oid)/;

export const isNumeric = ({ type }: Column): boolean => numeric.test(type) && !type.endsWith(']');

/** Columns a value takes, before cutting. */
export const cellWidth = (value: CellValue, theme: Theme, thousands = false): number =>
  Math.min(widestColumn, textWidth(cellText(value, theme, thousands)));

export const headerWidth = ({ name, type }: Column): number =>
  Math.min(widestColumn, Math.max(textWidth(displayText(name.slice(0, 200))), textWidth(displayText(type)), 3));

const rowNumberWidth = (rowCount: number): number => Math.max(3, String(rowCount).length);

/** Columns that fit beside the row numbers and the frozen ones from `first` on; the last may be cut. */
export const visibleColumns = (
  grid: Pick<Grid, 'widths' | 'rowCount' | 'frozen'>,
  first: number,
  width: number,
): number => {
  const frozen = frozenColumns(grid, width);
  let room = width - rowNumberWidth(grid.rowCount) - 2;
  for (let column = 0; column < frozen; column++) room -= grid.widths[column]! + 3;
  let count = 0;
  for (let column = Math.max(first, frozen); column < grid.widths.length; column++) {
    const needed = grid.widths[column]! + 3;
    if (count > 0 && needed > room) break;
    room -= needed;
    count += 1;
  }
  return count;
};

/** Frozen columns, as far as they leave a third of the width to the others. */
export const frozenColumns = (
  { widths, rowCount, frozen = 0 }: Pick<Grid, 'widths' | 'rowCount' | 'frozen'>,
  width: number,
): number => {
  let room = Math.floor(((width - rowNumberWidth(rowCount) - 2) * 2) / 3);
  let count = 0;
  while (count < Math.min(frozen, widths.length - 1) && widths[count]! + 3 <= room) {
    room -= widths[count]! + 3;
    count += 1;
  }
  return count;
};

/** Places of the columns on the screen: the frozen ones, then those from `first` on, one more than fits whole. */
export const placesInView = (
  grid: Pick<Grid, 'widths' | 'rowCount' | 'frozen'>,
  first: number,
  width: number,
): number[] => {
  const frozen = frozenColumns(grid, width);
  const from = Math.max(first, frozen);
  const to = Math.min(grid.widths.length, from + visibleColumns(grid, from, width) + 1);
  return [
    ...Array.from({ length: frozen }, (_, column) => column),
    ...Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index),
  ];
};

/** Header with names, types and histograms, a rule, and the rows in view. Numbers stand right, NULL is a sign of its own. */
export const drawGrid = (grid: Grid, viewport: GridViewport, theme: Theme): string[] => {
  const { width, height, top, cursor, focused } = viewport;
  const numberWidth = rowNumberWidth(grid.rowCount);
  const places = placesInView(grid, viewport.firstColumn, width);
  const frozen = frozenColumns(grid, width);
  const { separator, lines: glyph } = theme.glyphs;
  const between = span(` ${separator} `, 'border');
  // Frozen columns end in a brighter line.
  const afterFrozen = span(` ${separator} `, 'key');
  const columnsOf = (cell: (column: number) => Span): Span[] =>
    places.flatMap((column, index) => [index === frozen && frozen > 0 ? afterFrozen : between, cell(column)]);
  const header = (text: (column: Column, width: number) => string, token: Token): Span[] =>
    columnsOf((column) => {
      const described = grid.columns[column]!;
      const columnWidth = grid.widths[column]!;
      const align = isNumeric(described) ? 'right' : 'left';
      const at = column === cursor.column && focused ? 'key' : undefined;
      return span(fitted(text(described, columnWidth), columnWidth, align, theme.glyphs.ellipsis), token, at);
    });
  let ruleText = glyph[10]!.repeat(numberWidth + 2);
  for (const column of places) ruleText += glyph[15]! + glyph[10]!.repeat(grid.widths[column]! + 2);
  const blank = span(' '.repeat(numberWidth + 1));
  const name = (column: Column, columnWidth: number): string => headerName(grid, column, columnWidth, theme);
  const rows = [
    line([span(` ${fitted('#', numberWidth, 'right')}`, 'muted'), ...header(name, 'strong')], width, theme),
    line([blank, ...header(({ type }) => displayText(type), 'type')], width, theme),
    ...(grid.sparks ? [line([blank, ...header(grid.sparks, 'info')], width, theme)] : []),
    line([span(ruleText, 'border')], width, theme),
  ];
  for (let index = top; index < grid.rowCount && rows.length < height; index++) {
    const onRow = index === cursor.row && focused;
    const cell = (column: number): Span => {
      const value = grid.cellAt(index, column);
      const marked = (onRow && column === cursor.column) || (focused && viewport.selected?.(index, column));
      const look = marked ? 'selected' : undefined;
      if (value === undefined) return span(fitted(theme.glyphs.ellipsis, grid.widths[column]!), 'muted', look);
      return cellSpan(value, grid.columns[column]!, grid.widths[column]!, theme, look, grid.thousands ?? false);
    };
    const number = span(` ${fitted(String(index + 1), numberWidth, 'right')}`, onRow ? 'key' : 'muted');
    rows.push(line([number, ...columnsOf(cell)], width, theme));
  }
  return rows.slice(0, height);
};

/** The name, with the direction of the sort where it sorts. */
const headerName = ({ sort }: Grid, { name }: Column, width: number, theme: Theme): string => {
  const text = displayText(name.slice(0, 400));
  if (sort?.column !== name) return text;
  const mark = sort.descending ? theme.glyphs.open : theme.glyphs.sortUp;
  return `${fitted(text, Math.min(textWidth(text), Math.max(1, width - 2)), 'left', theme.glyphs.ellipsis)} ${mark}`;
};

const cellSpan = (
  value: CellValue,
  column: Column,
  width: number,
  theme: Theme,
  look: Token | undefined,
  thousands: boolean,
): Span => {
  const align = isNumeric(column) ? 'right' : 'left';
  const text = fitted(cellText(value, theme, thousands && isNumeric(column)), width, align, theme.glyphs.ellipsis);
  return span(text, value === null ? 'null' : undefined, look);
};

/** NULL is `∅`; an empty text stays empty, which is how one tells them apart. */
export const cellText = (value: CellValue, theme: Theme, thousands = false): string => {
  if (value === null) return theme.glyphs.null;
  if (thousands) return grouped(String(value));
  // Only as much of a huge cell as can be seen: a 1 MB value must not be measured whole.
  if (typeof value === 'string') return displayText(value.length > longestCell ? value.slice(0, longestCell) : value);
  return String(value);
};

/** 1863.62 is 1,863.62; what is no plain number stays as it is. */
const grouped = (text: string): string => {
  const found = /^(-?)(\d{4,})(\.\d+)?$/.exec(text);
  if (!found) return displayText(text.slice(0, longestCell));
  return `${found[1]}${found[2]!.replace(/\B(?=(\d{3})+$)/g, ',')}${found[3] ?? ''}`;
};

const longestCell = 400;
