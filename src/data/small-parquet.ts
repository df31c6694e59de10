import { writeFileSync } from 'node:fs';
import type { Column } from '../model/output.ts';
import type { PostgresColumn } from './postgres-columns.ts';
import { type SmallColumn, smallColumn } from './small-columns.ts';
import { thriftBytes, type WriteStruct, writeVarint } from './thrift.ts';

/** Results of up to this many rows are written by us: a DuckDB opened for one row took 7 ms, this takes 0.1 ms. */
export const smallRows = 2_000;

/**
 * Writes a few rows of Postgres' texts as a Parquet file, in one row group, without compression. Answers null, and writes nothing, where
 * it takes DuckDB to say what a value means.
 */
export const writeSmallParquet = (
  path: string,
  columns: PostgresColumn[],
  rows: (string | null)[][],
): { rows: number; columns: Column[]; bytes: number } | null => {
  if (new Set(columns.map(({ name }) => name)).size < columns.length) return null;
  const stored: Stored[] = [];
  for (const [at, { name, type }] of columns.entries()) {
    const texts = rows.map((row) => row[at] ?? null);
    const column = smallColumn(
      type,
      texts.filter((value) => value !== null),
    );
    if (!column) return null;
    stored.push({ name, column, isThere: texts.map((value) => value !== null) });
  }
  const bytes = fileOf(stored, rows.length);
  writeFileSync(path, bytes, { mode: 0o600 });
  return {
    rows: rows.length,
    columns: stored.map(({ name, column }) => ({ name, type: column.type })),
    bytes: bytes.length,
  };
};

type Stored = { name: string; column: SmallColumn; isThere: boolean[] };

const magic = Buffer.from('PAR1');
const physicalTypes = { boolean: 0, int32: 1, int64: 2, double: 5, text: 6 };
const plain = 0;
const rle = 3;

const fileOf = (stored: Stored[], rows: number): Buffer => {
  const chunks = rows === 0 ? [] : stored.map(chunkOf);
  let place = magic.length;
  const places = chunks.map((chunk) => {
    const at = place;
    place += chunk.length;
    return at;
  });
  const footer = thriftBytes((file) => {
    file.i32(1, 1);
    file.structs(2, [rootOf(stored), ...stored.map(elementOf)]);
    file.i64(3, rows);
    file.structs(4, rows === 0 ? [] : [rowGroupOf(stored, chunks, places, rows)]);
    file.text(6, 'wand');
  });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([magic, ...chunks, footer, length, magic]);
};

const rootOf =
  (stored: Stored[]): WriteStruct =>
  (element) => {
    element.text(4, 'schema');
    element.i32(5, stored.length);
  };

const elementOf =
  ({ name, column }: Stored): WriteStruct =>
  (element) => {
    element.i32(1, physicalTypes[column.physical]);
    element.i32(3, 1);
    element.text(4, name);
    column.describe(element);
  };

const rowGroupOf =
  (stored: Stored[], chunks: Buffer[], places: number[], rows: number): WriteStruct =>
  (group) => {
    const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    group.structs(
      1,
      stored.map(({ name, column }, at) => (chunk) => {
        chunk.i64(2, places[at]!);
        chunk.struct(3, (facts) => {
          facts.i32(1, physicalTypes[column.physical]);
          facts.i32s(2, [plain, rle]);
          facts.texts(3, [name]);
          facts.i32(4, 0);
          facts.i64(5, rows);
          facts.i64(6, chunks[at]!.length);
          facts.i64(7, chunks[at]!.length);
          facts.i64(9, places[at]!);
        });
      }),
    );
    group.i64(2, total);
    group.i64(3, rows);
  };

/** One data page with its header. */
const chunkOf = ({ column, isThere }: Stored): Buffer => {
  const page = Buffer.concat([levelsOf(isThere), column.values]);
  const header = thriftBytes((head) => {
    head.i32(1, 0);
    head.i32(2, page.length);
    head.i32(3, page.length);
    head.struct(5, (data) => {
      data.i32(1, isThere.length);
      data.i32(2, plain);
      data.i32(3, rle);
      data.i32(4, rle);
    });
  });
  return Buffer.concat([header, page]);
};

/** Which values are there: a bit each, packed by eights, with the length in front. */
const levelsOf = (isThere: boolean[]): Buffer => {
  const groups = Math.ceil(isThere.length / 8);
  const bits = new Uint8Array(groups);
  for (const [at, value] of isThere.entries()) if (value) bits[at >> 3]! |= 1 << (at & 7);
  const run: number[] = [];
  writeVarint(run, groups * 2 + 1);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(run.length + bits.length);
  return Buffer.concat([length, Buffer.from(run), bits]);
};
