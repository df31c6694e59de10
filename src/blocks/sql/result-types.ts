import type { ResultField } from './execution.ts';

/**
 * Name of a result column's type, as `format_type` writes it: `integer`, `numeric(8,2)`, `text[]`. Types that are not
 * Postgres' own (enums, domains, extensions) are text, which is the form their values come in.
 */
export const typeNameOf = ({ typeOid, typeModifier }: ResultField): string => {
  const element = elementOfArray[typeOid];
  if (element !== undefined) return `${names[element]}[]`;
  const name = names[typeOid] ?? 'text';
  return name === 'numeric' && typeModifier >= 4 ? `numeric(${precision(typeModifier)},${scale(typeModifier)})` : name;
};

/**
 * The type a result column is stored with: whole and broken numbers in 64 bits, as they come out of a SQL block in Mage, so that
 * a Python block finds int64 and float64 (`select_only` and `types` of the recorded cases).
 */
export const storedTypeOf = (field: ResultField): string => {
  const name = typeNameOf(field);
  return widened[name] ?? name;
};

const widened: Record<string, string> = { smallint: 'bigint', integer: 'bigint', real: 'double precision' };

// numeric's modifier is (precision << 16 | scale, 11 bits with sign) + 4.
const precision = (modifier: number): number => ((modifier - 4) >> 16) & 0xffff;
const scale = (modifier: number): number => (((modifier - 4) & 0x7ff) ^ 1024) - 1024;

/** pg_type's fixed oids. */
const names: Record<number, string> = {
  16: 'boolean',
  17: 'bytea',
  18: 'text',
  19: 'text',
  20: 'bigint',
  21: 'smallint',
  23: 'integer',
  25: 'text',
  26: 'bigint',
  114: 'json',
  142: 'xml',
  700: 'real',
  701: 'double precision',
  869: 'inet',
  1042: 'character',
  1043: 'character varying',
  1082: 'date',
  1083: 'time without time zone',
  1114: 'timestamp without time zone',
  1184: 'timestamp with time zone',
  1186: 'interval',
  1266: 'time with time zone',
  1700: 'numeric',
  2950: 'uuid',
  3802: 'jsonb',
};

const elementOfArray: Record<number, number> = {
  1000: 16,
  1001: 17,
  1005: 21,
  1007: 23,
  1009: 25,
  1015: 1043,
  1016: 20,
  1021: 700,
  1022: 701,
  1115: 1114,
  1182: 1082,
  1183: 1083,
  1185: 1184,
  1187: 1186,
  1231: 1700,
  2951: 2950,
  199: 114,
  3807: 3802,
};
