import type { CellValue, Column } from './output.ts';

/** What differs between two tables. Rows are matched by `key` where one was found, else as a multiset: then nothing is `changed`. */
export type OutputDiff = {
  leftRows: number;
  rightRows: number;
  key: string[] | null;
  added: number;
  removed: number;
  changed: number;
  same: number;
  schema: { column: string; left: string | null; right: string | null }[];
  /** Rows changed in each column, columns without changes left out. Empty without a key. */
  changedColumns: { column: string; rows: number }[];
  columns: Column[];
  samples: { added: CellValue[][]; removed: CellValue[][]; changed: { left: CellValue[]; right: CellValue[] }[] };
};
