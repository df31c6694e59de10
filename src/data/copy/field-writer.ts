import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { FieldKind } from './column-plan.ts';
import { fixedWriter } from './fixed-fields.ts';
import { numericBytes } from './numeric.ts';
import { uuidBytes } from './uuid.ts';
import { computedWriter, stringWriter } from './varying-fields.ts';

/**
 * Writes one column of COPY BINARY, a chunk at a time, in two passes over the rows: a loop per column and type keeps the
 * compiler's types single, which a loop per row over mixed columns would not.
 */
export type FieldWriter = {
  /** Takes the column's memory, and adds what each row will need (length word included) to `sizes`. */
  measure(chunk: DuckDBDataChunk, column: number, sizes: Int32Array): void;
  /** Writes each row's field at its `cursor`, which moves on. */
  write(out: DataView, cursor: Int32Array): void;
};

export const fieldWriter = (field: FieldKind): FieldWriter => {
  switch (field) {
    case 'bytes':
      return stringWriter(null);
    case 'jsonb':
      return stringWriter(1);
    case 'numeric':
      return computedWriter(numericBytes);
    case 'uuid':
      return computedWriter(uuidBytes);
    default:
      return fixedWriter(field);
  }
};
