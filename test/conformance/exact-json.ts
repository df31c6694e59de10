/**
 * JSON without the losses of JSON.parse: integers beyond 2^53 are bigints, and a float with an integral value (`29.0`) is told
 * apart from the integer, as Python writes them differently and projects can see it.
 */
export type ExactJson =
  | null
  | boolean
  | number
  | bigint
  | string
  | IntegralFloat
  | ExactJson[]
  | { [key: string]: ExactJson };

/** A float such as `29.0` or `1e+22`, by its text. */
export class IntegralFloat {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export const parseExactJson = (text: string): ExactJson =>
  JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) return value;
    const source = context?.source ?? String(value);
    if (/[.eE]/.test(source)) return new IntegralFloat(source);
    return Number.isSafeInteger(value) ? value : BigInt(source);
  }) as ExactJson;

/** One line of JSON, with exact numbers. */
export const exactText = (value: ExactJson | undefined): string => {
  if (value === undefined) return 'nothing';
  if (value instanceof IntegralFloat) return value.text;
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(exactText).join(', ')}]`;
  if (isObject(value)) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}: ${exactText(item)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value);
};

/** Equal in every value and in the order of keys. */
export const exactlyEqual = (one: ExactJson | undefined, other: ExactJson | undefined): boolean =>
  exactText(one) === exactText(other);

export const isObject = (value: unknown): value is { [key: string]: ExactJson } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof IntegralFloat);

/** A field of an object; undefined if there is none, or no object. */
export const field = (value: ExactJson | undefined, name: string): ExactJson | undefined =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
