import { cellWidth, headerWidth, isNumeric } from '../../draw/grid.ts';
import { createTheme } from '../../draw/theme.ts';
import type { Page } from '../../model/output.ts';

const theme = createTheme();

/** Columns each column of a page needs: the widest of its header and its values. */
export const columnWidths = ({ columns, rows, from = 0 }: Page): number[] => {
  const held = rows[0]?.length ?? 0;
  return columns.map((column, index) => {
    const place = index - from;
    const narrowest = headerWidth(column);
    if (place < 0 || place >= held) return narrowest;
    const thousands = isNumeric(column);
    return rows.reduce((widest, row) => Math.max(widest, cellWidth(row[place] ?? null, theme, thousands)), narrowest);
  });
};
