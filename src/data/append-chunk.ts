import type { DuckDBValue } from '@duckdb/node-api';
import type { DuckDb } from './duckdb.ts';

/** Appends up to 2,048 rows, given as columns, to a table of DuckDB. */
export const appendChunk = async (duckdb: DuckDb, table: string, columns: DuckDBValue[][]): Promise<void> => {
  const rows = columns[0]?.length ?? 0;
  if (rows === 0) return;
  const { DuckDBDataChunk } = await import('./duckdb-api.ts');
  const appender = await duckdb.connection.createAppender(table);
  try {
    const chunk = DuckDBDataChunk.create(
      columns.map((_, at) => appender.columnType(at)),
      rows,
    );
    chunk.setColumns(columns);
    appender.appendDataChunk(chunk);
  } finally {
    appender.closeSync();
  }
};
