/**
 * Plain scalars as PyYAML 6 resolves them (decisions.md 7): YAML 1.1 with PyYAML's own narrower patterns.
 * `010` is 8, `0o10` stays text, `11:45` is 705, `1e3` stays text (a float needs a dot and a signed exponent), `y` and `n` stay text.
 */

/** A date or date-time as written; blocks get the text (mage-format.md 7). */
export class YamlTimestamp {
  readonly kind: 'date' | 'datetime';
  readonly text: string;

  constructor(kind: 'date' | 'datetime', text: string) {
    this.kind = kind;
    this.text = text;
  }
}

export type YamlScalar = string | number | bigint | boolean | null | YamlTimestamp;

/** The value of an unquoted scalar. Throws a RangeError for what PyYAML refuses: `=`, `0b_`, 2024-13-45. */
export const resolvePlainScalar = (text: string): YamlScalar => {
  if (nulls.has(text)) return null;
  if (booleans.has(text)) return booleans.get(text)!;
  const first = text[0]!;
  if (text === '=') throw new RangeError('a lone "=" is not a value; quote it');
  if (!'+-.0123456789'.includes(first)) return text;
  if (floatPattern.test(text)) return floatValue(text);
  if (intPattern.test(text)) return intValue(text);
  if (timestampPattern.test(text)) return timestampValue(text);
  return text;
};

/** The value under an explicit tag such as `!!int`; the same errors. */
export const resolveTaggedScalar = (tag: string, text: string): YamlScalar => {
  if (tag === 'str') return text;
  if (tag === 'null') return null;
  if (tag === 'bool') {
    const value = booleans.get(text) ?? booleans.get(text.toLowerCase());
    if (value === undefined) throw new RangeError(`"${text}" is not a boolean`);
    return value;
  }
  if (tag === 'int') return intValue(text);
  if (tag === 'float') return floatValue(text);
  if (tag === 'timestamp' && timestampPattern.test(text)) return timestampValue(text);
  throw new RangeError(`"${text}" is not a ${tag}`);
};

const nulls = new Set(['', '~', 'null', 'Null', 'NULL']);

const booleans = new Map<string, boolean>(
  [
    ['yes', true],
    ['no', false],
    ['true', true],
    ['false', false],
    ['on', true],
    ['off', false],
  ].flatMap(([word, value]) => {
    const lower = word as string;
    const capital = lower[0]!.toUpperCase() + lower.slice(1);
    return [lower, capital, lower.toUpperCase()].map((form) => [form, value as boolean] as const);
  }),
);

const floatPattern =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const intPattern =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const timestampPattern =
  /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$/;

const floatValue = (text: string): number => {
  const bare = text.replaceAll('_', '').toLowerCase();
  const sign = bare[0] === '-' ? -1 : 1;
  const digits = bare.replace(/^[-+]/, '');
  if (digits === '.inf') return sign * Number.POSITIVE_INFINITY;
  if (digits === '.nan') return Number.NaN;
  const value = digits.includes(':') ? sexagesimal(digits.split(':'), Number) : Number(digits);
  if (digits === '' || Number.isNaN(value)) throw new RangeError(`"${text}" is not a float`);
  return sign * value;
};

const intValue = (text: string): number | bigint => {
  const bare = text.replaceAll('_', '');
  const negative = bare[0] === '-';
  const digits = bare.replace(/^[-+]/, '');
  const value = unsignedInt(digits, text);
  const signed = negative ? -value : value;
  const small = Number(signed);
  return Number.isSafeInteger(small) ? (small === 0 ? 0 : small) : signed;
};

const unsignedInt = (digits: string, text: string): bigint => {
  if (/^0b[01]+$/.test(digits) || /^0x[0-9a-fA-F]+$/.test(digits)) return BigInt(digits);
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits.slice(1)}`);
  if (/^[0-9]+(:[0-9]+)+$/.test(digits)) {
    return digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  }
  if (/^(0|[1-9][0-9]*)$/.test(digits)) return BigInt(digits);
  throw new RangeError(`"${text}" is not an integer`);
};

const sexagesimal = (parts: string[], number: (part: string) => number): number =>
  parts.reduce((sum, part) => sum * 60 + number(part), 0);

const timestampValue = (text: string): YamlTimestamp => {
  const [, year, month, day, hour, minute, second] = /^(\d+)-(\d+)-(\d+)(?:[Tt \t]+(\d+):(\d+):(\d+))?/
    .exec(text)!
    .map(Number) as [unknown, number, number, number, number?, number?, number?];
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  const dateIsReal = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= lastDay;
  const timeIsReal = !hour || (hour < 24 && minute! < 60 && second! < 60);
  if (!dateIsReal || !timeIsReal) throw new RangeError(`"${text}" is not a date that exists; quote it if it is text`);
  return new YamlTimestamp(hour === undefined || Number.isNaN(hour) ? 'date' : 'datetime', text);
};
