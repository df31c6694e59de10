import type { FieldWriter } from './field-writer.ts';
import { inlineBytes, isValid, readVector, slotBytes, stringAt, type Vector } from './vector.ts';

/** Text and blobs, byte for byte; `version` is written before each (jsonb has one). */
export const stringWriter = (version: number | null): FieldWriter => {
  const before = version === null ? 0 : 1;
  let vector: Vector;
  let slots: DataView;
  return {
    measure: (chunk, column, sizes) => {
      vector = readVector(chunk, column, slotBytes);
      slots = new DataView(vector.bytes.buffer, vector.bytes.byteOffset, vector.bytes.byteLength);
      for (let row = 0; row < vector.rows; row++) {
        sizes[row]! += isValid(vector.validity, row) ? 4 + before + slots.getUint32(row * slotBytes, true) : 4;
      }
    },
    write: (out, cursor) => {
      const target = new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
      for (let row = 0; row < vector.rows; row++) {
        const at = cursor[row]!;
        if (!isValid(vector.validity, row)) {
          out.setInt32(at, -1);
          cursor[row] = at + 4;
          continue;
        }
        const length = slots.getUint32(row * slotBytes, true);
        out.setInt32(at, length + before);
        if (version !== null) target[at + 4] = version;
        const start = at + 4 + before;
        if (length <= inlineBytes) {
          const slot = row * slotBytes + 4;
          for (let byte = 0; byte < length; byte++) target[start + byte] = vector.bytes[slot + byte]!;
        } else target.set(stringAt(vector, slots, row), start);
        cursor[row] = start + length;
      }
    },
  };
};

/** Fields computed from a text: numeric and uuid. */
export const computedWriter = (encode: (text: string) => Uint8Array): FieldWriter => {
  let fields: (Uint8Array | null)[] = [];
  return {
    measure: (chunk, column, sizes) => {
      const vector = readVector(chunk, column, slotBytes);
      const slots = new DataView(vector.bytes.buffer, vector.bytes.byteOffset, vector.bytes.byteLength);
      fields = [];
      for (let row = 0; row < vector.rows; row++) {
        const field = isValid(vector.validity, row)
          ? encode(Buffer.from(stringAt(vector, slots, row)).toString('utf8'))
          : null;
        fields.push(field);
        sizes[row]! += 4 + (field?.length ?? 0);
      }
    },
    write: (out, cursor) => {
      const target = new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
      for (const [row, field] of fields.entries()) {
        const at = cursor[row]!;
        out.setInt32(at, field === null ? -1 : field.length);
        if (field !== null) target.set(field, at + 4);
        cursor[row] = at + 4 + (field?.length ?? 0);
      }
    },
  };
};
