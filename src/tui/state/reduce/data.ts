import { gridHeaderHeight, visibleColumns } from '../../../draw/grid.ts';
import { followCursor } from '../../../draw/window.ts';
import type { Page } from '../../../model/output.ts';
import { paneInner } from '../../view/pane-size.ts';
import type { Reducer } from '../event.ts';
import { type DataState, emptyData, type State } from '../state.ts';

/** Rows of a chunk, and chunks held: memory is the same for ten rows and for ten million. */
export const chunkRows = 200;
export const mostChunks = 8;

/** The data pane: which output or table, its chunks, the cell cursor. */
export const reduceData: Reducer = (state, event) => {
  const { data } = state;
  switch (event.type) {
    case 'dataOpened': {
      const { table, output } = data;
      return { ...state, data: { ...emptyData, table, output, key: event.key } };
    }
    case 'dataLoaded':
      return event.key === data.key ? { ...state, data: withChunk(data, event) } : state;
    case 'dataFailed':
      return event.key === data.key ? { ...state, data: { ...data, trouble: event.trouble } } : state;
    case 'dataMoved':
      return moveTo(state, data.cursor.row + event.rows, data.cursor.column + event.columns);
    case 'dataJumped':
      return moveTo(state, event.row ?? data.cursor.row, event.column ?? data.cursor.column);
    case 'outputChosen':
      return { ...state, data: { ...data, output: Math.max(0, data.output + event.by), table: null } };
    case 'tableChosen':
      return { ...state, data: { ...data, table: event.table } };
    default:
      return state;
  }
};

type Loaded = { chunk: number; page: Page; widths: readonly number[] };

const withChunk = (data: DataState, { chunk, page, widths }: Loaded): DataState => {
  const chunks = new Map(data.chunks);
  chunks.delete(chunk);
  chunks.set(chunk, page.rows);
  while (chunks.size > mostChunks) chunks.delete(chunks.keys().next().value!);
  const sameColumns = data.columns.length === page.columns.length;
  const end = endOf(data, chunk, page);
  const rowCount = end ?? countOf(chunk, page);
  return {
    ...data,
    chunks,
    columns: page.columns,
    // Widths only grow, so that columns do not jump while one scrolls.
    widths: widths.map((width, index) => Math.max(width, (sameColumns ? data.widths[index] : 0) ?? 0)),
    rowCount,
    end,
    estimated: end === null,
    loaded: true,
    trouble: null,
    cursor: { ...data.cursor, row: Math.max(0, Math.min(data.cursor.row, rowCount - 1)) },
    top: Math.max(0, Math.min(data.top, rowCount - 1)),
  };
};

/** An exact count, or a chunk that is not full: that is where the rows end. */
const endOf = (data: DataState, chunk: number, { rows, rowCount, estimated }: Page): number | null => {
  if (!estimated) return rowCount;
  if (data.end !== null) return data.end;
  const ends = rows.length < chunkRows && (rows.length > 0 || chunk === 0);
  return ends ? chunk * chunkRows + rows.length : null;
};

/** An estimate within what was seen: a full chunk proves that one row more may follow, an empty one that none does. */
const countOf = (chunk: number, { rows, rowCount }: Page): number => {
  if (rows.length === 0) return chunk * chunkRows;
  return Math.max(rowCount, chunk * chunkRows + rows.length + 1);
};

const moveTo = (state: State, wantedRow: number, wantedColumn: number): State => {
  const { data } = state;
  const { width, height } = paneInner(state, 'data');
  const row = Math.max(0, Math.min(data.rowCount - 1, wantedRow));
  const column = Math.max(0, Math.min(data.columns.length - 1, wantedColumn));
  const top = followCursor(data.top, Math.max(1, height - gridHeaderHeight), row, data.rowCount);
  let firstColumn = Math.min(data.firstColumn, column);
  while (firstColumn < column && column >= firstColumn + visibleColumns(data, firstColumn, width)) firstColumn += 1;
  return { ...state, data: { ...data, cursor: { row, column }, top, firstColumn } };
};
