import { ownLines } from './compare-printed.ts';
import { type ExactJson, IntegralFloat, isObject } from './exact-json.ts';
import { type PathKeys, pathText, valueAt } from './json-path.ts';

export type Mutation = { path: string; changed: ExactJson };

/** Every copy of a recorded step in which one value is another one, but for what a runner is told to ignore and blocks left to chance. */
export const mutations = (step: ExactJson, chance = new Set<string>()): Mutation[] =>
  leaves(step)
    .filter((path) => !isIgnored(path, step) && !isChance(path, step, chance))
    .map((path) => ({ path: pathText(path), changed: changeAt(step, path) }));

/** A block left to chance, or what one of a dynamic block's children has stored below it. */
const isChance = ([part, uuid, list, name]: PathKeys, step: ExactJson, chance: Set<string>): boolean => {
  if (part !== 'blocks') return false;
  if (chance.has(String(uuid))) return true;
  const indices = [...chance]
    .filter((child) => child.startsWith(`${uuid}:`))
    .map((child) => valueAt(step, ['blocks', child, 'metrics', 'dynamic_block_index']));
  return list === 'outputs' && indices.some((index) => String(name).startsWith(`${index}/`));
};

const leaves = (value: ExactJson, path: PathKeys = []): PathKeys[] => {
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, [...path, index]));
  if (isObject(value)) return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
  return [path];
};

/** Mage's notes about itself, and lines that Mage printed, not the project. */
const isIgnored = (path: PathKeys, step: ExactJson): boolean =>
  path.includes('variable_type') ||
  (path[2] === 'metrics' && path[3] === 'metadata') ||
  path[0] === 'waits_seconds' ||
  isMageLine(path, step);

const isMageLine = (path: PathKeys, step: ExactJson): boolean => {
  const line = path.at(-1);
  return path.at(-2) === 'printed' && !ownLines(valueAt(step, path.slice(0, -1))).some(({ index }) => index === line);
};

const changeAt = (value: ExactJson, [key, ...rest]: PathKeys): ExactJson => {
  if (key === undefined) return changed(value);
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? changeAt(item, rest) : item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, name === key ? changeAt(item, rest) : item]),
  );
};

const changed = (value: ExactJson): ExactJson => {
  if (value instanceof IntegralFloat) return Number.parseFloat(value.text);
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'bigint') return value + 1n;
  if (typeof value === 'boolean') return !value;
  // In front of it stands the place of a class, which does not matter.
  if (typeof value === 'string' && value.includes('<locals>.')) return value.replace('<locals>.', '<locals>.x');
  return value === null ? 0 : `x${value}`;
};
