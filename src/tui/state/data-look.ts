import type { PageRequest } from '../../model/output.ts';
import type { ColumnProfile } from '../../model/profile.ts';
import type { QueryResult } from '../../model/query.ts';

/** How the rows of one output, table or query are looked at. Widths and the like hold by the column's name. */
export type DataLook = {
  sort: { column: string; descending: boolean } | null;
  /** A condition in SQL; empty is none. */
  where: string;
  hidden: ReadonlySet<string>;
  /** Columns at the left that stay while the others scroll. */
  frozen: number;
  /** Columns added to or taken from a column's own width. */
  widened: ReadonlyMap<string, number>;
  thousands: boolean;
};

/** A result of the console, shown in place of an output. */
export type ShownQuery = { id: number; sql: string; write: boolean; profile: string | null; result: QueryResult };

/** What is marked besides the cursor's cell: whole rows or columns, or cells, from `anchor` (null: the cursor) to the cursor. */
export type DataSelection = {
  kind: 'cell' | 'row' | 'column';
  anchor: { row: number; column: number } | null;
};

export const plainLook: DataLook = {
  sort: null,
  where: '',
  hidden: new Set(),
  frozen: 0,
  widened: new Map(),
  thousands: true,
};

/** Profiles of the columns in view, for the little histograms of the header; null while one is being made or failed. */
export type Profiles = ReadonlyMap<string, ColumnProfile | null>;

/** Identity of rows in an order: chunks of one are never shown in another. */
export const dataKey = (base: string | null, { sort, where }: Pick<DataLook, 'sort' | 'where'>): string | null =>
  base === null || (sort === null && where === '') ? base : JSON.stringify([base, sort, where]);

/** The order and the condition, as pages and exports are asked for. */
export const choiceOf = ({ sort, where }: Pick<DataLook, 'sort' | 'where'>): Pick<PageRequest, 'sort' | 'where'> => ({
  ...(sort ? { sort } : {}),
  ...(where ? { where } : {}),
});
