import type { FieldKind } from './column-plan.ts';
import type { FieldWriter } from './field-writer.ts';
import { readVector, type Vector } from './vector.ts';

type FixedKind = Exclude<FieldKind, 'bytes' | 'jsonb' | 'numeric' | 'uuid'>;

const widths: Record<FixedKind, number> = {
  int2: 2,
  int4: 4,
  int8: 8,
  float4: 4,
  float8: 8,
  bool: 1,
  date: 4,
  timestamp: 8,
  time: 8,
  interval: 16,
};

/** Days and microseconds from 1970, where DuckDB counts from, to 2000, where Postgres does. */
const epochDays = 10_957;
const epochMicros = 946_684_800_000_000n;
const infiniteDate = 0x7fffffff;
const infiniteMicros = 0x7fffffffffffffffn;

type Loop = (vector: Vector, out: DataView, cursor: Int32Array) => void;

/** Fields whose bytes on the wire are as many as in memory. */
export const fixedWriter = (field: FixedKind): FieldWriter => {
  const width = widths[field];
  const loop = loops[field];
  let vector: Vector;
  return {
    measure: (chunk, column, sizes) => {
      vector = readVector(chunk, column, width);
      addFixedSizes(vector, width, sizes);
    },
    write: (out, cursor) => loop(vector, out, cursor),
  };
};

const addFixedSizes = ({ rows, validity }: Vector, width: number, sizes: Int32Array): void => {
  if (validity === null) for (let row = 0; row < rows; row++) sizes[row]! += 4 + width;
  else
    for (let row = 0; row < rows; row++) sizes[row]! += (validity[row >> 3]! & (1 << (row & 7))) === 0 ? 4 : 4 + width;
};

// One written-out loop per type: `value` is inlined nowhere else, so each stays monomorphic.
const loops: Record<FixedKind, Loop> = {
  int2: ({ rows, bytes, validity }, out, cursor) => {
    const values = new Int16Array(bytes.buffer, bytes.byteOffset, rows);
    for (let row = 0; row < rows; row++) {
      const at = cursor[row]!;
      if (validity !== null && (validity[row >> 3]! & (1 << (row & 7))) === 0) {
        out.setInt32(at, -1);
        cursor[row] = at + 4;
        continue;
      }
      out.setInt32(at, 2);
      out.setInt16(at + 4, values[row]!);
      cursor[row] = at + 6;
    }
  },
  int4: ({ rows, bytes, validity }, out, cursor) => {
    const values = new Int32Array(bytes.buffer, bytes.byteOffset, rows);
    for (let row = 0; row < rows; row++) {
      const at = cursor[row]!;
      if (validity !== null && (validity[row >> 3]! & (1 << (row & 7))) === 0) {
        out.setInt32(at, -1);
        cursor[row] = at + 4;
        continue;
      }
      out.setInt32(at, 4);
      out.setInt32(at + 4, values[row]!);
      cursor[row] = at + 8;
    }
  },
  int8: (vector, out, cursor) => eightBytes(vector, out, cursor),
  time: (vector, out, cursor) => eightBytes(vector, out, cursor),
  float4: ({ rows, bytes, validity }, out, cursor) => {
    const values = new Float32Array(bytes.buffer, bytes.byteOffset, rows);
    for (let row = 0; row < rows; row++) {
      const at = cursor[row]!;
      if (validity !== null && (validity[row >> 3]! & (1 << (row & 7))) === 0) {
        out.setInt32(at, -1);
        cursor[row] = at + 4;
        continue;
      }
      out.setInt32(at, 4);
      out.setFloat32(at + 4, values[row]!);
      cursor[row] = at + 8;
    }
  },
  float8: ({ rows, bytes, validity }, out, cursor) => {
    const values = new Float64Array(bytes.buffer, bytes.byteOffset, rows);
    for (let row = 0; row < rows; row++) {
      const at = cursor[row]!;
      if (validity !== null && (validity[row >> 3]! & (1 << (row & 7))) === 0) {
        out.setInt32(at, -1);
        cursor[row] = at + 4;
        continue;
      }
      out.setInt32(at, 8);
      out.setFloat64(at + 4, values[row]!);
      cursor[row] = at + 12;
    }
  },
  bool: ({ rows, bytes, validity }, out, cursor) => {
    for (let row = 0; row < rows; row++) {
      const at = cursor[row]!;
      if (validity !== null && (validity[row >> 3]! & (1 << (row & 7))) === 0) {
        out.setInt32(at, -1);
        cursor[row] = at + 4;
        continue;
      }
      out.setInt32(at, 1);
      out.setUint8(at + 4, bytes[row] === 0 ? 0 : 1);
      cursor[row] = at + 5;
    }
  },
  date: ({ rows, bytes, validity }, out, cursor) => {
    const values = new Int32Array(bytes.buffer, bytes.byteOffset, rows);
    for (let row = 0; row < rows; row++) {
      const at = cursor[row]!;
      if (validity !== null && (validity[row >> 3]! & (1 << (row & 7))) === 0) {
        out.setInt32(at, -1);
        cursor[row] = at + 4;
        continue;
      }
      const days = values[row]!;
      out.setInt32(at, 4);
      out.setInt32(
        at + 4,
        days === infiniteDate ? days : days === -infiniteDate ? -infiniteDate - 1 : days - epochDays,
      );
      cursor[row] = at + 8;
    }
  },
  timestamp: ({ rows, bytes, validity }, out, cursor) => {
    const values = new BigInt64Array(bytes.buffer, bytes.byteOffset, rows);
    for (let row = 0; row < rows; row++) {
      const at = cursor[row]!;
      if (validity !== null && (validity[row >> 3]! & (1 << (row & 7))) === 0) {
        out.setInt32(at, -1);
        cursor[row] = at + 4;
        continue;
      }
      const micros = values[row]!;
      out.setInt32(at, 8);
      if (micros === infiniteMicros) out.setBigInt64(at + 4, infiniteMicros);
      else if (micros === -infiniteMicros) out.setBigInt64(at + 4, -infiniteMicros - 1n);
      else out.setBigInt64(at + 4, BigInt.asIntN(64, micros - epochMicros));
      cursor[row] = at + 12;
    }
  },
  interval: ({ rows, bytes, validity }, out, cursor) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let row = 0; row < rows; row++) {
      const at = cursor[row]!;
      if (validity !== null && (validity[row >> 3]! & (1 << (row & 7))) === 0) {
        out.setInt32(at, -1);
        cursor[row] = at + 4;
        continue;
      }
      // DuckDB: months, days, microseconds; Postgres the other way round.
      out.setInt32(at, 16);
      out.setBigInt64(at + 4, view.getBigInt64(row * 16 + 8, true));
      out.setInt32(at + 12, view.getInt32(row * 16 + 4, true));
      out.setInt32(at + 16, view.getInt32(row * 16, true));
      cursor[row] = at + 20;
    }
  },
};

/** 64-bit values as two halves, so that no bigint is made. */
const eightBytes: Loop = ({ rows, bytes, validity }, out, cursor) => {
  const halves = new Int32Array(bytes.buffer, bytes.byteOffset, rows * 2);
  for (let row = 0; row < rows; row++) {
    const at = cursor[row]!;
    if (validity !== null && (validity[row >> 3]! & (1 << (row & 7))) === 0) {
      out.setInt32(at, -1);
      cursor[row] = at + 4;
      continue;
    }
    out.setInt32(at, 8);
    out.setInt32(at + 4, halves[row * 2 + 1]!);
    out.setInt32(at + 8, halves[row * 2]!);
    cursor[row] = at + 12;
  }
};
