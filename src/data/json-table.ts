import { readFileSync, statSync } from 'node:fs';
import type { CellValue, Column, Page } from '../model/output.ts';
import { WandError } from '../problem/wand-error.ts';
import { textLiteral } from './duckdb.ts';

const largestDocument = 64 * 1024 * 1024;

/** A JSON output as rows: a list of objects is a table (read by DuckDB, so that sort and where work), else one row or one cell. */
export const jsonTable = (path: string): { source: string } | { page: Page } => {
  if (statSync(path).size > largestDocument) return { source: `read_json(${textLiteral(path)})` };
  const value = readDocument(path);
  if (Array.isArray(value) && value.length > 0 && value.every(isObject)) {
    return { source: `read_json(${textLiteral(path)}, format = 'array', sample_size = -1)` };
  }
  if (Array.isArray(value)) return { page: listPage(value) };
  if (isObject(value)) return { page: objectPage(value) };
  return {
    page: { columns: [{ name: 'value', type: typeName(value) }], rows: [[cell(value)]], rowCount: 1, estimated: false },
  };
};

const readDocument = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (problem) {
    throw new WandError('broken-output', `${path} holds no JSON`, { fix: 'run the block again', cause: problem });
  }
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listPage = (list: unknown[]): Page => ({
  columns: [{ name: 'value', type: list.length > 0 ? typeName(list[0]) : 'null' }],
  rows: list.map((value) => [cell(value)]),
  rowCount: list.length,
  estimated: false,
});

const objectPage = (value: Record<string, unknown>): Page => {
  const columns: Column[] = Object.entries(value).map(([name, inner]) => ({ name, type: typeName(inner) }));
  return { columns, rows: [Object.values(value).map(cell)], rowCount: 1, estimated: false };
};

const typeName = (value: unknown): string => {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'text' : 'json';
};

const cell = (value: unknown): CellValue =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : JSON.stringify(value);
