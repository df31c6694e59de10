import type { CellValue, Column } from '../../model/output.ts';
import type { TableEntry } from '../workbench-source.ts';
import { type DataLook, type DataSelection, type Profiles, plainLook, type ShownQuery } from './data-look.ts';
import type { DataLooks } from './data-looks.ts';
import type { Trouble } from './state.ts';

/** Rows are held in chunks, the least recently used ones are dropped: memory does not grow with the table. */
export type DataState = {
  key: string | null;
  columns: readonly Column[];
  widths: readonly number[];
  rowCount: number;
  estimated: boolean;
  /** Rows in all, once the end was seen: it overrules every estimate. */
  end: number | null;
  loaded: boolean;
  /** Parts of the rows by `chunkKey`. */
  chunks: ReadonlyMap<number, readonly CellValue[][]>;
  trouble: Trouble | null;
  /** Places of the screen: hidden columns do not count. */
  cursor: { row: number; column: number };
  top: number;
  firstColumn: number;
  /** A Postgres table in place of the selected block's output. */
  table: TableEntry | null;
  /** Which of the block's outputs. */
  output: number;
  /** A result of the console in place of all that. */
  query: ShownQuery | null;
  /** What is looked at, without its order and condition. */
  base: string | null;
  look: DataLook;
  /** How other outputs and tables were looked at: one comes back to them as one left them. */
  looks: DataLooks;
  profiles: Profiles;
  /** Key of the rows that are held: those of an older order stay in sight, marked, until the first of the new ones come. */
  heldKey: string | null;
  /** First row in view of those that stay in sight. */
  staleTop: number;
  selection: DataSelection;
};

export const emptyData: DataState = {
  key: null,
  columns: [],
  widths: [],
  rowCount: 0,
  estimated: false,
  end: null,
  loaded: false,
  chunks: new Map(),
  trouble: null,
  cursor: { row: 0, column: 0 },
  top: 0,
  firstColumn: 0,
  table: null,
  output: 0,
  query: null,
  base: null,
  look: plainLook,
  looks: new Map(),
  profiles: new Map(),
  heldKey: null,
  staleTop: 0,
  selection: { kind: 'cell', anchor: null },
};
