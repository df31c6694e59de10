import type { Input } from './input.ts';
import { kind, originHere } from './kinds.ts';
import type { CsvFile, ParquetFile } from './sources.ts';
import type { Relation } from './sql.ts';

export type ExportOptions = {
  table: string;
  /** `POSTGRES_SCHEMA` of the profile, else `public`. Made if missing. */
  schema?: string;
  /** Profile of io_config.yaml; `default` unless said otherwise. */
  profile?: string;
  /** An existing table: `replace` deletes its rows and keeps the table, `append` adds, `fail` refuses. `replace` unless said otherwise. */
  ifExists?: 'replace' | 'append' | 'fail';
  /** With `replace`: drop and make the table again, for changed columns. Views on it make that fail. */
  dropTable?: boolean;
  /** VendorID becomes vendor_id. */
  snakeCase?: boolean;
  /** Postgres types by column name of the table, instead of those found in the data. */
  types?: Record<string, string>;
};

export type TableExport = {
  readonly [kind]: 'export';
  readonly data: Exportable;
  readonly options: ExportOptions;
  readonly origin: string;
};

export type Exportable = Input | Relation | CsvFile | ParquetFile;

/** Loads a table into Postgres by COPY, in one transaction, once: an attempt that follows a lost one finds its work done. */
export const exportTable = (data: Exportable, options: ExportOptions): TableExport => {
  if (typeof options?.table !== 'string' || options.table === '') {
    throw new TypeError('exportTable: name the table: exportTable(inputs[0], { table: "trips" })');
  }
  const { ifExists } = options;
  if (ifExists !== undefined && !['replace', 'append', 'fail'].includes(ifExists)) {
    throw new TypeError(`exportTable: ifExists is replace, append or fail, not ${String(ifExists)}`);
  }
  return { [kind]: 'export', data, options, origin: originHere(exportTable) };
};
