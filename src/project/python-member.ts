import { PythonDatetime } from './python-datetime.ts';
import { pythonText } from './python-text.ts';

/**
 * What `value.name` or `value[name]` is in a template. Only what Python's values have there: keys of a map, items of a list
 * (from the end too), and the usual methods. Nothing of JavaScript's own, so that a template never reaches the program.
 */
export const pythonMember = (value: unknown, name: unknown): unknown => {
  if (typeof value === 'string')
    return typeof name === 'number' ? itemAt([...value], name) : method(stringMethods, value, name);
  if (Array.isArray(value)) return typeof name === 'number' ? itemAt(value, name) : method(listMethods, value, name);
  if (value instanceof PythonDatetime) return value.member(String(name));
  if (value === null || typeof value !== 'object') return undefined;
  const map = value as Record<string, unknown>;
  return Object.hasOwn(map, String(name)) ? fromJson(map[String(name)]) : method(mapMethods, map, name);
};

/** `{"$datetime": iso}` of a block's variables becomes a date-time. */
export const fromJson = (value: unknown): unknown => {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, '$datetime')) return value;
  return new PythonDatetime(String((value as { $datetime: unknown }).$datetime));
};

/** Python's `bool(value)`: empty text, list and map are false, and so is 0. */
export const pythonTruth = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof PythonDatetime) return true;
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.keys(value).length > 0;
  }
  return Boolean(value);
};

const itemAt = (items: unknown[], index: number): unknown => fromJson(items[index < 0 ? items.length + index : index]);

const method = <Value>(methods: Record<string, (value: Value) => unknown>, value: Value, name: unknown): unknown =>
  typeof name === 'string' && Object.hasOwn(methods, name) ? methods[name]!(value) : undefined;

const stringMethods: Record<string, (text: string) => unknown> = {
  upper: (text) => () => text.toUpperCase(),
  lower: (text) => () => text.toLowerCase(),
  title: (text) => () => text.toLowerCase().replace(/\p{L}+/gu, (word) => word[0]!.toUpperCase() + word.slice(1)),
  capitalize: (text) => () => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase(),
  strip: (text) => () => text.trim(),
  lstrip: (text) => () => text.trimStart(),
  rstrip: (text) => () => text.trimEnd(),
  replace: (text) => (from: string, to: string) => text.replaceAll(from, () => to),
  split: (text) => (separator?: string) =>
    separator === undefined ? text.split(/\s+/).filter(Boolean) : text.split(separator),
  join: (text) => (items: unknown[]) => items.map(pythonText).join(text),
  startswith: (text) => (start: string) => text.startsWith(start),
  endswith: (text) => (end: string) => text.endsWith(end),
  zfill: (text) => (width: number) => text.padStart(width, '0'),
};

const listMethods: Record<string, (list: unknown[]) => unknown> = {
  length: (list) => list.length,
  index: (list) => (item: unknown) => list.indexOf(item),
  count: (list) => (item: unknown) => list.filter((one) => one === item).length,
};

const mapMethods: Record<string, (map: Record<string, unknown>) => unknown> = {
  items: (map) => () => Object.entries(map),
  keys: (map) => () => Object.keys(map),
  values: (map) => () => Object.values(map),
  get:
    (map) =>
    (key: string, otherwise: unknown = null) =>
      Object.hasOwn(map, key) ? fromJson(map[key]) : otherwise,
};
