/** A column as screens and JSON show it: `type` is short and lower-case, such as `int64`, `text`, `timestamp`. */
export type Column = { name: string; type: string };

/**
 * One stored output of a block run.
 * - `table`: a Parquet file at `path`.
 * - `json`: a JSON document at `path`.
 * - `pickle`: a Python object at `path`, opaque outside Python and never unpickled elsewhere.
 * - `relation`: a table of the data database, referenced and not copied; `relation` names it.
 */
export type StoredOutput = {
  /** `output_0`, `output_1`, ... */
  name: string;
  kind: 'table' | 'json' | 'pickle' | 'relation';
  /** Absolute path of the file; null for a relation. */
  path: string | null;
  rows: number | null;
  columns: Column[] | null;
  bytes: number | null;
  relation?: RelationReference;
};

/** A table of a data database, by the io_config.yaml profile that reaches it. Names are raw, never quoted. */
export type RelationReference = { profile: string; schema: string; table: string };

/** A page of rows. 64-bit integers and decimals are text where a double would lose digits; dates are ISO text; null is NULL. */
export type Page = {
  columns: Column[];
  rows: CellValue[][];
  /** Rows in the whole output or table. */
  rowCount: number;
  /** True if `rowCount` is the planner's estimate. */
  estimated: boolean;
  /** Place in `columns` of the first value of each row, where only a part of the columns was asked for. */
  from?: number;
};

export type CellValue = string | number | boolean | null;

export type PageRequest = {
  offset: number;
  limit: number;
  sort?: { column: string; descending: boolean };
  where?: string;
  /** Only values of these columns, by place; `columns` of the page still names all. */
  columns?: { from: number; count: number };
  /** Long texts are cut after so many characters: a page of 1 MB cells would not fit a screen's memory. */
  cut?: number;
  /** Count the rows however long it takes (up to the page's own time limit), where an estimate would do otherwise. */
  exact?: boolean;
};

/** A page's rows in another order, or fewer of them: what a screen exports and profiles. */
export type RowChoice = Pick<PageRequest, 'sort' | 'where'>;
