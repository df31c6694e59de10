import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { cellSelect } from './cells.ts';
import type { DuckDb } from './duckdb.ts';

/**
 * Rows of a query as objects, one chunk of 2,048 in memory at a time. Integers beyond 2^53, decimals, dates and times are text;
 * lists and structs are arrays and objects. A pandas index without a name is left out.
 */
export async function* readRows(duckdb: DuckDb, query: string): AsyncGenerator<Record<string, unknown>> {
  const shape = await duckdb.connection.run(`SELECT * FROM (${query}\n) LIMIT 0`);
  const types = shape.columnTypes();
  const columns = shape
    .deduplicatedColumnNames()
    .map((name, at) => ({ name, type: types[at]! }))
    .filter(({ name }) => !/^__index_level_\d+__$/.test(name));
  const select = columns.map(({ name, type }) => cellSelect(name, type)).join(', ');
  for await (const chunk of await duckdb.connection.stream(`SELECT ${select} FROM (${query}\n)`)) {
    for (const values of chunk.getRows()) {
      const row: Record<string, unknown> = {};
      columns.forEach(({ name, type }, at) => {
        row[name] = rowValue(values[at]!, type);
      });
      yield row;
    }
  }
}

const rowValue = (value: DuckDBValue, type: DuckDBType): unknown => {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (typeof value === 'string' && nested.test(type.toString())) return JSON.parse(value);
  return value;
};

const nested = /^(STRUCT|MAP|UNION)|\[\d*\]$/;
