import { frozenColumns, visibleColumns } from '../../../draw/grid.ts';
import { followCursor } from '../../../draw/window.ts';
import type { Page } from '../../../model/output.ts';
import {
  blockColumns,
  chunkKey,
  chunkRows,
  gridOf,
  gridRoom,
  mostChunks,
  rowsInView,
  shownColumns,
} from '../data-grid.ts';
import { type DataLook, dataKey, plainLook } from '../data-look.ts';
import { rememberedLooks } from '../data-looks.ts';
import type { Reducer } from '../event.ts';
import { type DataState, emptyData, type State } from '../state.ts';

export { chunkRows, mostChunks } from '../data-grid.ts';

/** Profiles held: a table of 10,000 columns may be scrolled through. */
const mostProfiles = 400;

/** The data pane: which output, table or query, its chunks, the cell cursor, how it is looked at. */
export const reduceData: Reducer = (state, event) => {
  const { data } = state;
  switch (event.type) {
    case 'dataOpened':
      return { ...state, data: opened(data, event.key, event.base) };
    case 'dataLoaded':
      return event.key === data.key ? inView({ ...state, data: withChunk(data, event) }) : state;
    case 'dataFailed':
      return event.key === data.key ? { ...state, data: { ...data, trouble: event.trouble } } : state;
    case 'dataCounted':
      return event.key === data.key ? counted(state, event.rowCount) : state;
    case 'dataMoved':
      return moveTo(state, data.cursor.row + event.rows, data.cursor.column + event.columns);
    case 'dataJumped':
      return moveTo(state, event.row ?? data.cursor.row, event.column ?? data.cursor.column);
    case 'dataSelected':
      return { ...state, data: { ...data, selection: { ...data.selection, ...event.selection } } };
    case 'lookChanged':
      return looked(state, event.look);
    case 'columnProfiled': {
      if (event.base !== data.base) return state;
      const profiles = new Map(data.profiles).set(event.column, event.profile);
      if (profiles.size > mostProfiles) profiles.delete(profiles.keys().next().value!);
      return { ...state, data: { ...data, profiles } };
    }
    case 'queryShown':
      return { ...state, data: { ...data, query: event.query } };
    case 'outputChosen':
      return { ...state, data: { ...data, output: Math.max(0, data.output + event.by), table: null, query: null } };
    case 'tableChosen':
      return { ...state, data: { ...data, table: event.table, query: null, trouble: null } };
    case 'dialog':
      // The profile takes room from the rows or gives it back.
      return state.data.loaded ? inView(state) : state;
    default:
      return state;
  }
};

/** Rows of something else start plain, or as they were left; another order or condition of the same rows keeps columns, widths, the place, and the old rows until new ones come. */
const opened = (data: DataState, key: string | null, base: string | null | undefined): DataState => {
  const { table, output, query } = data;
  if (base === undefined || base !== data.base || base === null) {
    const looks = rememberedLooks(data);
    const look = looks.get(base ?? '') ?? plainLook;
    const plain = { ...emptyData, table, output, query, looks, look, base: base ?? null };
    return { ...plain, key: base === undefined ? key : dataKey(base, look) };
  }
  return { ...data, key, end: null, trouble: null };
};

const looked = (state: State, change: Partial<DataLook>): State => {
  const { data } = state;
  const look = { ...data.look, ...change };
  const at = shownColumns(data)[data.cursor.column];
  const next = { ...data, look, trouble: null };
  const places = shownColumns(next);
  // The cursor stays on its column while others are hidden or shown.
  const found = at === undefined ? 0 : places.findIndex((index) => index >= at);
  const reordered = 'sort' in change || 'where' in change;
  // What is known of the values holds in another order, but not for other rows.
  const profiles = 'where' in change ? new Map() : data.profiles;
  const row = reordered ? 0 : data.cursor.row;
  const placed = {
    ...state,
    data: {
      ...next,
      profiles,
      cursor: { row, column: 0 },
      top: reordered ? 0 : data.top,
      staleTop: data.heldKey === data.key ? data.top : data.staleTop,
      selection: emptyData.selection,
    },
  };
  return moveTo(placed, row, found === -1 ? places.length - 1 : found);
};

type Loaded = { key: string; chunk: number; block?: number; page: Page; widths: readonly number[] };

const withChunk = (data: DataState, loaded: Loaded): DataState => {
  const { chunk, block = 0, page, widths } = loaded;
  const known = data.heldKey === loaded.key;
  const chunks = new Map(known ? data.chunks : []);
  const key = chunkKey(chunk, block);
  chunks.delete(key);
  chunks.set(key, partOfRows(page, block));
  while (chunks.size > mostChunks) chunks.delete(chunks.keys().next().value!);
  const sameColumns = data.columns.length === page.columns.length;
  const end = endOf(data, chunk, page);
  const rowCount = end ?? countOf(chunk, page);
  return {
    ...data,
    chunks,
    heldKey: loaded.key,
    // The same array while nothing changed: layouts of wide tables are remembered by it.
    columns: sameColumns && sameNames(data.columns, page.columns) ? data.columns : page.columns,
    // Widths only grow, so that columns do not jump while one scrolls.
    widths: grown(sameColumns ? data.widths : [], widths),
    rowCount,
    end,
    estimated: end === null,
    loaded: true,
    trouble: null,
    cursor: { ...data.cursor, row: Math.max(0, Math.min(data.cursor.row, rowCount - 1)) },
    top: Math.max(0, Math.min(data.top, rowCount - 1)),
  };
};

const sameNames = (one: Page['columns'] | DataState['columns'], other: Page['columns']): boolean =>
  one.every(({ name, type }, index) => name === other[index]!.name && type === other[index]!.type);

const grown = (known: readonly number[], widths: readonly number[]): readonly number[] =>
  known.length === widths.length && widths.every((width, index) => width <= known[index]!)
    ? known
    : widths.map((width, index) => Math.max(width, known[index] ?? 0));

/** A source may answer whole rows; only the block that was asked for is kept. */
const partOfRows = ({ rows, from, columns }: Page, block: number): Page['rows'] => {
  if (from !== undefined || columns.length <= blockColumns) return rows;
  return rows.map((row) => row.slice(block * blockColumns, (block + 1) * blockColumns));
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

/** The rows were counted where there was an estimate: who stood at its end stands at the true one. */
const counted = (state: State, rowCount: number): State => {
  const { data } = state;
  const row = data.cursor.row >= data.rowCount - 1 ? rowCount - 1 : data.cursor.row;
  return moveTo({ ...state, data: { ...data, rowCount, end: rowCount, estimated: false } }, row, data.cursor.column);
};

const inView = (state: State): State => moveTo(state, state.data.cursor.row, state.data.cursor.column);

const moveTo = (state: State, wantedRow: number, wantedColumn: number): State => {
  const { data } = state;
  const grid = gridOf(data);
  const row = Math.max(0, Math.min(data.rowCount - 1, wantedRow));
  const column = Math.max(0, Math.min(grid.columns.length - 1, wantedColumn));
  const top = followCursor(data.top, rowsInView(state), row, data.rowCount);
  const firstColumn = firstFor(grid, data.firstColumn, column, gridRoom(state).width);
  return { ...state, data: { ...data, cursor: { row, column }, top, firstColumn } };
};

/** The first scrolling column so that the cursor's is in sight. */
const firstFor = (grid: ReturnType<typeof gridOf>, first: number, column: number, width: number): number => {
  const frozen = frozenColumns(grid, width);
  if (column < frozen) return Math.max(first, frozen);
  if (column < first) return column;
  const from = Math.max(first, frozen);
  if (column < from + visibleColumns(grid, from, width)) return from;
  // From the cursor's column to the left as many as fit: a step at a time would take long over 10,000 columns.
  let start = column;
  while (start > frozen && column < start - 1 + visibleColumns(grid, start - 1, width)) start -= 1;
  return start;
};
