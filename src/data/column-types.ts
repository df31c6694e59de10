import type { DuckDBType } from '@duckdb/node-api';

/**
 * The short, lower-case name of a column's type as the data pane and `--json` show it: `int64`, `text`, `timestamp`.
 * DuckDB's own names follow SQL, but INTEGER against BIGINT says less about the width than the numbers do.
 */
export const shortTypeName = (type: DuckDBType): string => {
  const name = type.toString();
  const known = shortNames[name];
  if (known !== undefined) return known;
  if (name.startsWith('DECIMAL')) return name.toLowerCase().replaceAll(' ', '');
  if (name.startsWith('ENUM')) return 'text';
  if (name.startsWith('STRUCT') || name.startsWith('UNION')) return 'struct';
  if (name.startsWith('MAP')) return 'map';
  if (/\[\d*\]$/.test(name)) return 'list';
  return name.toLowerCase();
};

const shortNames: Record<string, string> = {
  BOOLEAN: 'bool',
  TINYINT: 'int8',
  SMALLINT: 'int16',
  INTEGER: 'int32',
  BIGINT: 'int64',
  HUGEINT: 'int128',
  UTINYINT: 'uint8',
  USMALLINT: 'uint16',
  UINTEGER: 'uint32',
  UBIGINT: 'uint64',
  UHUGEINT: 'uint128',
  FLOAT: 'float32',
  DOUBLE: 'float64',
  VARCHAR: 'text',
  BLOB: 'bytes',
  DATE: 'date',
  TIME: 'time',
  TIME_NS: 'time',
  'TIME WITH TIME ZONE': 'timetz',
  TIMETZ: 'timetz',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_S: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  TIMESTAMPTZ: 'timestamptz',
  INTERVAL: 'interval',
  UUID: 'uuid',
  JSON: 'json',
  '"NULL"': 'null',
  SQLNULL: 'null',
};
