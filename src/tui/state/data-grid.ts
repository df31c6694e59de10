import { type Grid, gridHeaderHeight, headerWidth, placesInView } from '../../draw/grid.ts';
import type { CellValue, Column } from '../../model/output.ts';
import { paneInner } from '../view/pane-size.ts';
import type { DataState, State } from './state.ts';

/** Rows of a chunk, columns of a block, and chunks held: memory is the same for ten rows and for ten million, and for 10,000 columns. */
export const chunkRows = 200;
export const blockColumns = 100;
export const mostChunks = 8;

/** Lines of the column's profile under the grid, with its border. */
const profileHeight = 12;

/** Key of the part of the rows that has these places. */
export const chunkKey = (chunk: number, block: number): number => block * 1_000_000_000 + chunk;

type Looked = Pick<DataState, 'columns' | 'look'>;

/** Places of the columns that are not hidden. */
export const shownColumns = ({ columns, look }: Looked): number[] => {
  const places = columns.map((_, index) => index);
  return look.hidden.size === 0 ? places : places.filter((index) => !look.hidden.has(columns[index]!.name));
};

type Shape = { places: number[]; columns: Column[]; widths: number[] };
type Shaped = Shape & Pick<DataState, 'columns' | 'look'> & { of: readonly number[] };

/** One is enough: only one pane shows rows. A table of 10,000 columns must not be laid out five times a key. */
let lastShape: { from: Shaped; shape: Shape } | null = null;

const shapeOf = ({ columns, look, widths }: DataState): Shape => {
  const known = lastShape?.from;
  if (known && known.columns === columns && known.look === look && known.of === widths) return lastShape!.shape;
  const places = shownColumns({ columns, look });
  const widthOf = (index: number): number => {
    const column = columns[index]!;
    // The mark of the sort stands behind the name.
    const least = look.sort?.column === column.name ? headerWidth(column) + 2 : 3;
    return Math.max(3, Math.min(400, Math.max(widths[index] ?? 3, least) + (look.widened.get(column.name) ?? 0)));
  };
  const shape = { places, columns: places.map((index) => columns[index]!), widths: places.map(widthOf) };
  lastShape = { from: { ...shape, columns, look, of: widths } as Shaped, shape };
  return shape;
};

/** The grid as it is shown: hidden columns are left out, widths are the reader's. */
export const gridOf = (data: DataState): Grid & Shape => {
  const shape = shapeOf(data);
  const { frozen, thousands, sort } = data.look;
  return {
    ...shape,
    rowCount: data.rowCount,
    cellAt: (row, position) => cellOf(data, row, shape.places[position]!),
    frozen,
    thousands,
    sort,
  };
};

/** A cell that is held; undefined while it is on its way. `column` is the place in all columns. */
export const cellOf = (data: Pick<DataState, 'chunks'>, row: number, column: number): CellValue | undefined => {
  const chunk = data.chunks.get(chunkKey(Math.floor(row / chunkRows), Math.floor(column / blockColumns)));
  const values = chunk?.[row % chunkRows];
  return values && (values[column % blockColumns] ?? null);
};

/** The column under the cursor, with its place in all columns. */
export const cursorColumn = (data: DataState): { index: number; column: Column } | undefined => {
  const index = shownColumns(data)[data.cursor.column];
  return index === undefined ? undefined : { index, column: data.columns[index]! };
};

export const cursorCell = (data: DataState): CellValue | undefined => {
  const at = cursorColumn(data);
  return at && cellOf(data, data.cursor.row, at.index);
};

/** Columns and rows for the grid: the profile takes its part at the bottom. */
export const gridRoom = (state: State): { width: number; height: number } => {
  const { width, height } = paneInner(state, 'data');
  const { dialog } = state;
  // Its lower border lies on that of the pane.
  const taken = dialog?.kind === 'profile' ? profileRoom(height) - (state.zoomed ? 0 : 1) : 0;
  return { width, height: Math.max(1, height - taken) };
};

/** At most two thirds of the pane; in a low one the rows that it is about stay in sight, three of them. */
export const profileRoom = (height: number): number =>
  Math.max(5, Math.min(profileHeight, Math.floor((height * 2) / 3), height + 1 - headerRows(height) - 3));

const headerRows = (height: number): number => gridHeaderHeight + (height >= leastForSparks ? 1 : 0);

const leastForSparks = 12;

/** The row of histograms comes where there is room for it. */
export const hasSparks = (state: State): boolean =>
  state.data.query === null && paneInner(state, 'data').height >= leastForSparks;

const headerHeight = (state: State): number => gridHeaderHeight + (hasSparks(state) ? 1 : 0);

/** Rows in view. */
export const rowsInView = (state: State): number => Math.max(1, gridRoom(state).height - headerHeight(state));

/** Chunks and blocks of columns in view that are not held, never more than are held. */
export const missingParts = (state: State): { chunk: number; block: number }[] => {
  const { data } = state;
  if (!data.loaded) return [{ chunk: 0, block: 0 }];
  const isHeld = data.heldKey === data.key;
  const first = Math.floor(data.top / chunkRows);
  const last = Math.floor(Math.min(Math.max(0, data.rowCount - 1), data.top + rowsInView(state) - 1) / chunkRows);
  const grid = gridOf(data);
  const places = placesInView(grid, data.firstColumn, gridRoom(state).width);
  const blocks = new Set(places.map((position) => Math.floor(grid.places[position]! / blockColumns)));
  if (blocks.size === 0) blocks.add(0);
  const parts: { chunk: number; block: number }[] = [];
  for (let chunk = first; chunk <= last; chunk++) for (const block of blocks) parts.push({ chunk, block });
  return parts.slice(0, mostChunks).filter(({ chunk, block }) => !isHeld || !data.chunks.has(chunkKey(chunk, block)));
};

/** Columns whose little histograms are in view. */
export const columnsInView = (state: State): Column[] => {
  const { data } = state;
  if (!data.loaded || !hasSparks(state)) return [];
  const grid = gridOf(data);
  return placesInView(grid, data.firstColumn, gridRoom(state).width).map((position) => grid.columns[position]!);
};
