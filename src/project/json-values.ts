import { YamlTimestamp } from './yaml-scalar.ts';

/**
 * YAML values as blocks may get them, through JSON: dates become their text. What JSON cannot carry (integers beyond 2^53,
 * infinities, NaN) becomes text as well, and its path is reported to `onLoss`. Shared parts stay shared.
 */
export const jsonValues = (value: unknown, onLoss: (path: string) => void = () => {}): unknown => {
  const done = new Map<object, unknown>();
  const convert = (part: unknown, path: string): unknown => {
    if (typeof part === 'bigint' || (typeof part === 'number' && !Number.isFinite(part))) {
      onLoss(path);
      return String(part);
    }
    if (part instanceof YamlTimestamp) return part.text;
    if (part === null || typeof part !== 'object') return part;
    const known = done.get(part);
    if (known !== undefined) return known;
    const at = (key: string | number) => (path === '' ? String(key) : `${path}.${key}`);
    const converted = Array.isArray(part)
      ? part.map((item, index) => convert(item, at(index)))
      : Object.fromEntries(Object.entries(part).map(([key, item]) => [key, convert(item, at(key))]));
    done.set(part, converted);
    return converted;
  };
  return convert(value, '');
};

/** A map of a file, or null if it is anything else. */
export const asMap = (value: unknown): Record<string, unknown> | null =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof YamlTimestamp)
    ? (value as Record<string, unknown>)
    : null;

/** A key's value; never what objects have by birth. */
export const get = (map: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(map, key) ? map[key] : undefined;
