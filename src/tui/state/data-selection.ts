import type { CellValue, Column } from '../../model/output.ts';
import { cellOf, shownColumns } from './data-grid.ts';
import type { DataState } from './state.ts';

type Range = { rows: [number, number]; columns: [number, number] };

/** What is marked, as places of the screen; the cursor's own cell where nothing else is. */
const markedRange = ({ selection, cursor, rowCount, columns, look }: DataState): Range => {
  const from = selection.anchor ?? cursor;
  const last = Math.max(0, columns.length - look.hidden.size - 1);
  const rows: Range['rows'] = [Math.min(from.row, cursor.row), Math.max(from.row, cursor.row)];
  const places: Range['columns'] = [Math.min(from.column, cursor.column), Math.max(from.column, cursor.column)];
  if (selection.kind === 'row') return { rows, columns: [0, last] };
  if (selection.kind === 'column') return { rows: [0, Math.max(0, rowCount - 1)], columns: places };
  return { rows, columns: places };
};

export const isMarked = (data: DataState, row: number, column: number): boolean => {
  const { kind, anchor } = data.selection;
  if (kind === 'cell' && anchor === null) return false;
  const { rows, columns } = markedRange(data);
  return row >= rows[0] && row <= rows[1] && column >= columns[0] && column <= columns[1];
};

/** The marked values, for copying: rows that are held. `complete` is false where some of them are not. */
export const markedValues = (data: DataState): { columns: Column[]; rows: CellValue[][]; complete: boolean } => {
  const { rows, columns } = markedRange(data);
  const places = shownColumns(data).slice(columns[0], columns[1] + 1);
  const found: CellValue[][] = [];
  let complete = true;
  for (let row = rows[0]; row <= rows[1] && found.length < mostCopied; row++) {
    const values = places.map((place) => cellOf(data, row, place));
    if (values.every((value) => value !== undefined)) found.push(values as CellValue[]);
    else complete = false;
  }
  if (rows[1] - rows[0] + 1 > mostCopied) complete = false;
  return { columns: places.map((place) => data.columns[place]!), rows: found, complete };
};

const mostCopied = 10_000;
