import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { FieldKind } from './column-plan.ts';
import { fieldWriter } from './field-writer.ts';

/** `PGCOPY`, flags, extension length: what every COPY BINARY begins with. */
export const binaryHeader = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
export const binaryTrailer = Buffer.from('ffff', 'hex');

const largestChunk = 2_048;

/** Encodes chunks of DuckDB as rows of COPY BINARY; each result is a buffer of its own (a chunk of taxi trips is 350 KB). */
export const binaryEncoder = (fields: FieldKind[]): ((chunk: DuckDBDataChunk) => Buffer) => {
  const writers = fields.map(fieldWriter);
  const sizes = new Int32Array(largestChunk);
  const cursor = new Int32Array(largestChunk);
  return (chunk) => {
    const rows = chunk.rowCount;
    sizes.fill(2);
    writers.forEach((writer, column) => {
      writer.measure(chunk, column, sizes);
    });
    let total = 0;
    for (let row = 0; row < rows; row++) {
      cursor[row] = total;
      total += sizes[row]!;
    }
    const bytes = Buffer.allocUnsafeSlow(total);
    const out = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let row = 0; row < rows; row++) {
      out.setInt16(cursor[row]!, writers.length);
      cursor[row]! += 2;
    }
    for (const writer of writers) writer.write(out, cursor);
    return bytes;
  };
};
