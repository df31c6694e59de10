import type { DuckDBDataChunk } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';

/** The memory of one column of a chunk: valid as long as the chunk is held. */
export type Vector = {
  rows: number;
  bytes: Uint8Array;
  /** A bit per row, 1 is a value; null if all are. */
  validity: Uint8Array | null;
};

export const readVector = (chunk: DuckDBDataChunk, column: number, width: number): Vector => {
  const rows = chunk.rowCount;
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, column);
  return {
    rows,
    bytes: duckdb.vector_get_data(vector, rows * width),
    validity: duckdb.vector_get_validity(vector, Math.ceil(rows / 64) * 8),
  };
};

export const isValid = (validity: Uint8Array | null, row: number): boolean =>
  validity === null || (validity[row >> 3]! & (1 << (row & 7))) !== 0;

/** DuckDB's string slot: 16 bytes, the text itself up to 12, else a pointer at 8. */
export const slotBytes = 16;
export const inlineBytes = 12;

/** Bytes of a text or blob; a view, not a copy. */
export const stringAt = ({ bytes }: Vector, view: DataView, row: number): Uint8Array => {
  const at = row * slotBytes;
  const length = view.getUint32(at, true);
  return length <= inlineBytes
    ? bytes.subarray(at + 4, at + 4 + length)
    : duckdb.get_data_from_pointer(bytes.buffer as ArrayBuffer, bytes.byteOffset + at + 8, length);
};
