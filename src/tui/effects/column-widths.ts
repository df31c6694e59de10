import { cellWidth, headerWidth } from '../../draw/grid.ts';
import { createTheme } from '../../draw/theme.ts';
import type { Page } from '../../model/output.ts';

const theme = createTheme();

/** Columns each column of a page needs: the widest of its header and its values. */
export const columnWidths = ({ columns, rows }: Page): number[] =>
  columns.map((column, index) =>
    rows.reduce((widest, row) => Math.max(widest, cellWidth(row[index] ?? null, theme)), headerWidth(column)),
  );
