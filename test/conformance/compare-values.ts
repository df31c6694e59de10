import { type ExactJson, exactlyEqual, exactText, isObject } from './exact-json.ts';
import type { Difference } from './types.ts';

type Path = (string | number)[];

/** Every place at which two values are not exactly equal, as deep as it can be told. Order of keys matters below `columns` only. */
export const compareValues = (
  expected: ExactJson | undefined,
  got: ExactJson | undefined,
  path: Path,
): Difference[] => {
  if (exactlyEqual(expected, got)) return [];
  if (Array.isArray(expected) && Array.isArray(got)) return compareLists(expected, got, path);
  if (!isObject(expected) || !isObject(got)) return [{ path, expected, got }];
  const keys = new Set([...Object.keys(expected), ...Object.keys(got)]);
  const inside = [...keys].flatMap((key) => compareValues(ownValue(expected, key), ownValue(got, key), [...path, key]));
  return inside.length === 0 && path.at(-1) === 'columns' ? [{ path, expected, got }] : inside;
};

const compareLists = (expected: ExactJson[], got: ExactJson[], path: Path): Difference[] => {
  const length = Math.max(expected.length, got.length);
  return Array.from({ length }, (_, index) => compareValues(expected[index], got[index], [...path, index])).flat();
};

const ownValue = (value: { [key: string]: ExactJson }, key: string): ExactJson | undefined =>
  Object.hasOwn(value, key) ? value[key] : undefined;

/** Lists whose order says nothing. */
export const compareUnordered = (
  expected: ExactJson | undefined,
  got: ExactJson | undefined,
  path: Path,
): Difference[] => compareValues(sorted(expected), sorted(got), path);

const sorted = (value: ExactJson | undefined): ExactJson | undefined =>
  Array.isArray(value) ? value.toSorted((one, other) => (exactText(one) < exactText(other) ? -1 : 1)) : value;
