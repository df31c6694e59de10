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
};

export type CellValue = string | number | boolean | null;

export type PageRequest = {
  offset: number;
  limit: number;
  sort?: { column: string; descending: boolean };
  where?: string;
};
