import type { CellValue, Column } from './output.ts';

/** What one statement answered. `affected` is the number of rows it returned or changed, null where it does neither. */
export type QueryResult = {
  command: string;
  columns: Column[];
  rows: CellValue[][];
  affected: number | null;
  /** More rows came than were kept. */
  truncated: boolean;
};
