/** Files that rows can be written to. `insert` is SQL INSERT statements. */
export type ExportFormat = 'csv' | 'tsv' | 'json' | 'parquet' | 'insert';

export const exportFormats: readonly ExportFormat[] = ['csv', 'tsv', 'json', 'parquet', 'insert'];
