/** What a TypeScript block imports as `wand` (docs/typescript-blocks.md). */
export {
  type BlockArguments,
  type BlockDefinition,
  type BlockResultValue,
  custom,
  exporter,
  type Log,
  loader,
  outputs,
  transformer,
} from './block.ts';
export { type ExportOptions, exportTable, type TableExport } from './export-table.ts';
export type { Input, Inputs, Row } from './input.ts';
export { snakeCase } from './names.ts';
export { query, queryValue } from './query.ts';
export { type CsvFile, type CsvOptions, csv, type JsonValue, json, type ParquetFile, parquet } from './sources.ts';
export { identifier, type Relation, type SqlValue, sql } from './sql.ts';
export { assert, test } from './test.ts';
