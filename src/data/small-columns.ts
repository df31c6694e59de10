import type { WriteStruct } from './thrift.ts';

/** How a column is stored in Parquet, and its values that are not null. */
export type SmallColumn = {
  /** As screens name it (`shortTypeName` of what DuckDB would read). */
  type: string;
  physical: 'boolean' | 'int32' | 'int64' | 'double' | 'text';
  /** Fields 6 to 10 of Parquet's SchemaElement. */
  describe: WriteStruct;
  values: Buffer;
};

/**
 * A column of Postgres' texts as Parquet stores it, as DuckDB would; null for a type or a value that is left to DuckDB (arrays, bytea,
 * infinite dates, numbers of more than 18 digits).
 */
export const smallColumn = (type: string, texts: string[]): SmallColumn | null => {
  const name = type.replace(/\(\d+(,-?\d+)?\)/, '');
  if (name === 'numeric' || name === 'decimal') return decimals(texts);
  const make = makers[name];
  if (make) return make(texts);
  return type.endsWith('[]') || leftOut.has(name) ? null : text(texts);
};

const leftOut = new Set(['smallint', 'integer', 'oid', 'real', 'bytea', 'time', 'time without time zone']);

const none: WriteStruct = () => undefined;

const text = (texts: string[]): SmallColumn => ({
  type: 'text',
  physical: 'text',
  describe: (element) => {
    element.i32(6, 0);
    element.struct(10, (logical) => logical.struct(1, none));
  },
  values: Buffer.concat(texts.flatMap((value) => lengthAndBytes(value))),
});

const lengthAndBytes = (value: string): Buffer[] => {
  const bytes = Buffer.from(value, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return [length, bytes];
};

const booleans = (texts: string[]): SmallColumn | null => {
  const values = Buffer.alloc(Math.ceil(texts.length / 8));
  for (const [at, value] of texts.entries()) {
    const isTrue = value === 't' || value === 'true';
    if (!isTrue && value !== 'f' && value !== 'false') return null;
    if (isTrue) values[at >> 3]! |= 1 << (at & 7);
  }
  return { type: 'bool', physical: 'boolean', describe: none, values };
};

const bigints = (texts: string[]): SmallColumn | null =>
  int64s(
    'int64',
    texts.map((value) => (/^-?\d{1,18}$/.test(value) ? BigInt(value) : null)),
    none,
  );

const doubles = (texts: string[]): SmallColumn | null => {
  const values = Buffer.alloc(texts.length * 8);
  for (const [at, value] of texts.entries()) {
    if (!/^(-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?|NaN|-?Infinity)$/i.test(value)) return null;
    values.writeDoubleLE(Number(value), at * 8);
  }
  return { type: 'float64', physical: 'double', describe: none, values };
};

const dayMs = 86_400_000;

const dates = (texts: string[]): SmallColumn | null => {
  const values = Buffer.alloc(texts.length * 4);
  for (const [at, value] of texts.entries()) {
    const ms = /^\d{4}-\d\d-\d\d$/.test(value) ? millisecondsOf(value, '00:00:00') : null;
    if (ms === null) return null;
    values.writeInt32LE(ms / dayMs, at * 4);
  }
  const describe: WriteStruct = (element) => {
    element.i32(6, 6);
    element.struct(10, (logical) => logical.struct(6, none));
  };
  return { type: 'date', physical: 'int32', describe, values };
};

const moment = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d(?::?\d\d)?)?$/;

const timestamps =
  (zoned: boolean) =>
  (texts: string[]): SmallColumn | null =>
    int64s(
      zoned ? 'timestamptz' : 'timestamp',
      texts.map((value) => microsecondsOf(value, zoned)),
      (element) => {
        if (zoned) element.i32(6, 10);
        element.struct(10, (logical) =>
          logical.struct(8, (timestamp) => {
            timestamp.flag(1, zoned);
            timestamp.struct(2, (unit) => unit.struct(2, none));
          }),
        );
      },
    );

const microsecondsOf = (value: string, zoned: boolean): bigint | null => {
  const found = moment.exec(value);
  if (!found || (found[4] !== undefined) !== zoned) return null;
  const ms = millisecondsOf(found[1]!, found[2]!);
  if (ms === null) return null;
  return BigInt(ms - offsetMs(found[4])) * 1_000n + BigInt((found[3] ?? '').padEnd(6, '0'));
};

/** Years before 100 are others to Date.UTC; 24:00:00 and the like are left to DuckDB. */
const millisecondsOf = (date: string, time: string): number | null => {
  const iso = `${date}T${time}.000Z`;
  const ms = Date.parse(iso);
  return date >= '0100' && !Number.isNaN(ms) && new Date(ms).toISOString() === iso ? ms : null;
};

const offsetMs = (zone: string | undefined): number => {
  if (!zone || zone === 'Z') return 0;
  const [hours, minutes] = [zone.slice(1, 3), zone.slice(3).replace(':', '') || '0'].map(Number);
  return (zone.startsWith('-') ? -1 : 1) * (hours! * 60 + minutes!) * 60_000;
};

/** As `typedColumn` sizes them: DECIMAL(18, the most digits behind the point). */
const decimals = (texts: string[]): SmallColumn | null => {
  const parts = texts.map((value) => /^(-?)(\d+)(?:\.(\d+))?$/.exec(value));
  if (texts.length === 0 || parts.some((part) => part === null)) return null;
  const scale = Math.max(...parts.map((part) => part![3]?.length ?? 0));
  const whole = Math.max(...parts.map((part) => part![2]!.replace(/^0+/, '').length));
  if (whole + scale > 18) return null;
  return int64s(
    `decimal(18,${scale})`,
    parts.map((part) => BigInt(`${part![1]}${part![2]}${(part![3] ?? '').padEnd(scale, '0')}`)),
    (element) => {
      element.i32(6, 5);
      element.i32(7, scale);
      element.i32(8, 18);
      element.struct(10, (logical) =>
        logical.struct(5, (decimal) => {
          decimal.i32(1, scale);
          decimal.i32(2, 18);
        }),
      );
    },
  );
};

const int64s = (type: string, numbers: (bigint | null)[], describe: WriteStruct): SmallColumn | null => {
  const values = Buffer.alloc(numbers.length * 8);
  for (const [at, value] of numbers.entries()) {
    if (value === null) return null;
    values.writeBigInt64LE(value, at * 8);
  }
  return { type, physical: 'int64', describe, values };
};

const makers: Record<string, (texts: string[]) => SmallColumn | null> = {
  boolean: booleans,
  bigint: bigints,
  'double precision': doubles,
  date: dates,
  timestamp: timestamps(false),
  'timestamp without time zone': timestamps(false),
  timestamptz: timestamps(true),
  'timestamp with time zone': timestamps(true),
};
