/**
 * What is used of DuckDB's library, to be imported by `await import()`: it is loaded by the first block or query that needs it. By their names,
 * since a bundle has those of a CommonJS package only where it is imported so.
 */
export { DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api';
