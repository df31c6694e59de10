/** Writes the fields of one struct in Thrift's compact protocol, in which Parquet describes itself. Field numbers must ascend. */
export type ThriftStruct = {
  i32(field: number, value: number): void;
  i64(field: number, value: number): void;
  text(field: number, value: string): void;
  flag(field: number, value: boolean): void;
  struct(field: number, write: WriteStruct): void;
  i32s(field: number, values: number[]): void;
  texts(field: number, values: string[]): void;
  structs(field: number, writes: WriteStruct[]): void;
};

export type WriteStruct = (struct: ThriftStruct) => void;

/** The bytes of a struct. */
export const thriftBytes = (write: WriteStruct): Buffer => {
  const bytes: number[] = [];
  writeStruct(bytes, write);
  return Buffer.from(bytes);
};

const typeIds = { true: 1, false: 2, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 };

const writeStruct = (bytes: number[], write: WriteStruct): void => {
  let last = 0;
  const head = (field: number, type: number): void => {
    const step = field - last;
    if (step > 0 && step < 16) bytes.push((step << 4) | type);
    else {
      bytes.push(type);
      writeNumber(bytes, field);
    }
    last = field;
  };
  const list = (field: number, type: number, length: number): void => {
    head(field, typeIds.list);
    if (length < 15) bytes.push((length << 4) | type);
    else {
      bytes.push(0xf0 | type);
      writeVarint(bytes, length);
    }
  };
  write({
    i32: (field, value) => {
      head(field, typeIds.i32);
      writeNumber(bytes, value);
    },
    i64: (field, value) => {
      head(field, typeIds.i64);
      writeNumber(bytes, value);
    },
    text: (field, value) => {
      head(field, typeIds.binary);
      writeText(bytes, value);
    },
    flag: (field, value) => head(field, value ? typeIds.true : typeIds.false),
    struct: (field, inner) => {
      head(field, typeIds.struct);
      writeStruct(bytes, inner);
    },
    i32s: (field, values) => {
      list(field, typeIds.i32, values.length);
      for (const value of values) writeNumber(bytes, value);
    },
    texts: (field, values) => {
      list(field, typeIds.binary, values.length);
      for (const value of values) writeText(bytes, value);
    },
    structs: (field, writes) => {
      list(field, typeIds.struct, writes.length);
      for (const inner of writes) writeStruct(bytes, inner);
    },
  });
  bytes.push(0);
};

/** Whole numbers are zigzag: 0, -1, 1, -2 become 0, 1, 2, 3. */
const writeNumber = (bytes: number[], value: number): void =>
  writeVarint(bytes, value >= 0 ? value * 2 : -value * 2 - 1);

/** Seven bits a byte, the lowest first; divisions, since a size may need more than 32 bits. */
export const writeVarint = (bytes: number[], value: number): void => {
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
};

const writeText = (bytes: number[], value: string): void => {
  const encoded = Buffer.from(value, 'utf8');
  writeVarint(bytes, encoded.length);
  for (const byte of encoded) bytes.push(byte);
};
