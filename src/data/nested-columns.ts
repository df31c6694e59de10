import { type DuckDb, duckIdentifier, textLiteral } from './duckdb.ts';
import type { FrameKind } from './frame-kinds.ts';

/**
 * How a frame's column is selected. Objects and arrays, held as JSON text, become lists and structs if all of them have one
 * structure, so that Python gets lists and dicts; mixed ones stay JSON text.
 */
export const columnExpression = async (
  duckdb: DuckDb,
  table: string,
  name: string,
  kind: FrameKind,
): Promise<string> => {
  const column = duckIdentifier(name);
  if (kind !== 'json') return column;
  const structure = await structureOf(duckdb, table, column);
  if (structure === null) return column;
  return `from_json(${column}, ${textLiteral(structure)}) AS ${column}`;
};

const structureOf = async (duckdb: DuckDb, table: string, column: string): Promise<string | null> => {
  const { connection } = duckdb;
  const [row] = (
    await connection.runAndReadAll(`SELECT json_group_structure(${column}::JSON)::VARCHAR FROM ${table}`)
  ).getRows();
  const structure = row?.[0];
  if (typeof structure !== 'string' || !/^[[{]/.test(structure) || /"JSON"|"NULL"|\{\}/.test(structure)) return null;
  return structure.replaceAll('"UBIGINT"', '"BIGINT"');
};
