import type { DuckDBDataChunk } from '@duckdb/node-api';
import { readVector, slotBytes, stringAt } from './vector.ts';

/** The bytes of a chunk whose one column holds lines of COPY's text format. */
export const textChunk = (chunk: DuckDBDataChunk): Buffer => {
  const lines = readVector(chunk, 0, slotBytes);
  const slots = new DataView(lines.bytes.buffer, lines.bytes.byteOffset, lines.bytes.byteLength);
  let total = 0;
  for (let row = 0; row < lines.rows; row++) total += slots.getUint32(row * slotBytes, true);
  const bytes = Buffer.allocUnsafeSlow(total);
  let at = 0;
  for (let row = 0; row < lines.rows; row++) {
    const line = stringAt(lines, slots, row);
    bytes.set(line, at);
    at += line.length;
  }
  return bytes;
};
