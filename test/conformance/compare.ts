import { type Edges, leftToChance, unfinished } from './chance.ts';
import { errorsAgree } from './compare-error.ts';
import { comparePrinted } from './compare-printed.ts';
import { compareUnordered, compareValues } from './compare-values.ts';
import { type ExactJson, field, isObject } from './exact-json.ts';
import type { Difference } from './types.ts';

type Path = (string | number)[];
type Fields = { [key: string]: ExactJson };

/** Notes of Mage about its own doing (README of the pack, "How a runner should compare"). */
const ignored = new Set(['waits_seconds']);

/** Everything in which a step did not come out as real Mage's, by the rules of the pack's README; empty = equal. */
export const compareStep = (expected: ExactJson, got: ExactJson, edges: Edges = new Map()): Difference[] =>
  keysOf(expected, got)
    .filter((key) => !ignored.has(key))
    .flatMap((key) =>
      key === 'blocks'
        ? compareBlocks(expected, got, leftToChance(expected, got, edges))
        : comparePart(key, field(expected, key), field(got, key)),
    );

const comparePart = (key: string, expected: ExactJson | undefined, got: ExactJson | undefined): Difference[] => {
  if (key === 'tables_after') return compareEach(expected, got, [key], compareTable);
  if (key === 'other_outputs') return compareEach(expected, got, [key], compareOutputs);
  if (key === 'other_runs') return compareValues(endedMeanwhile(expected, got), got, [key]);
  if (key === 'tables_unchanged') return compareValues(asSet(expected), asSet(got), [key]);
  return compareValues(expected, got, [key]);
};

/** A run that nobody waits for may still have been running when Mage's step was read (README of the pack); ours are read at their end. */
const endedMeanwhile = (expected: ExactJson | undefined, got: ExactJson | undefined): ExactJson | undefined =>
  Array.isArray(expected) && Array.isArray(got)
    ? expected.map((run, index) =>
        isObject(run) && run.status === 'running' && field(got[index], 'status') === 'completed'
          ? { ...run, status: 'completed' }
          : run,
      )
    : expected;

/** Names without an order, so that one that is missing or too many is told by its name. */
const asSet = (names: ExactJson | undefined): ExactJson =>
  isObject(names)
    ? names
    : Object.fromEntries((Array.isArray(names) ? names : []).map((name): [string, ExactJson] => [String(name), true]));

const compareBlocks = (expected: ExactJson, got: ExactJson, chance: Set<string>): Difference[] => {
  const [wanted, found] = [field(expected, 'blocks'), withoutChildren(expected, got, chance)];
  return compareEach(wanted, found, ['blocks'], (one, other, path) =>
    (chance.has(String(path.at(-1))) ? compareChance : compareBlock)(one, other, path),
  );
};

/** What a child that was not run to its end would have stored, below its block, is taken from what is expected. */
const withoutChildren = (expected: ExactJson, got: ExactJson, chance: Set<string>): ExactJson | undefined => {
  const blocks = field(got, 'blocks');
  if (!isObject(blocks)) return blocks;
  return Object.fromEntries(
    Object.entries(blocks).map(([uuid, block]): [string, ExactJson] => {
      const wanted = field(field(field(expected, 'blocks'), uuid), 'outputs');
      const missing = [...chance]
        .filter((child) => child.startsWith(`${uuid}:`))
        .flatMap((child) => {
          const index = field(field(blocks[child], 'metrics'), 'dynamic_block_index');
          const name = `${String(index)}/output_0`;
          const output = field(wanted, name);
          return output === undefined || field(field(block, 'outputs'), name) !== undefined ? [] : [[name, output]];
        });
      const outputs = { ...(field(block, 'outputs') as Fields | undefined), ...Object.fromEntries(missing) };
      return [uuid, missing.length === 0 ? block : { ...(block as Fields), outputs }];
    }),
  );
};

const compareEach = (
  expected: ExactJson | undefined,
  got: ExactJson | undefined,
  path: Path,
  compareEntry: (expected: Fields, got: Fields, path: Path) => Difference[],
): Difference[] =>
  keysOf(expected, got).flatMap((name) => {
    const [one, other] = [field(expected, name), field(got, name)];
    if (isObject(one) && isObject(other)) return compareEntry(one, other, [...path, name]);
    return [{ path: [...path, name], expected: one, got: other }];
  });

const compareBlock = (expected: Fields, got: Fields, path: Path): Difference[] => [
  ...compareValues(expected.status, got.status, [...path, 'status']),
  ...compareError(expected.error, got.error, [...path, 'error']),
  ...compareValues(expected.failed_attempts, got.failed_attempts, [...path, 'failed_attempts']),
  ...comparePrinted(printedOnce(expected), got.printed, [...path, 'printed']),
  ...compareValues(meaningOf(expected.metrics), meaningOf(got.metrics), [...path, 'metrics']),
  ...compareValues(storedOutputs(expected), storedOutputs(got), [...path, 'outputs']),
];

/**
 * A block that only one side brought to its end: what both know of it. Which child it is was known before it ran, an end has no error, and
 * outputs that both have are the same; what Mage had printed before it stopped, ours has printed at its end.
 */
const compareChance = (expected: Fields, got: Fields, path: Path): Difference[] => {
  const wanted = storedOutputs(expected);
  const found = storedOutputs(got);
  const shared = keysOf(wanted).filter((name) => field(found, name) !== undefined);
  return [
    ...compareError(expected.error, got.error, [...path, 'error']),
    ...(unfinished.has(String(got.status)) ? [] : comparePrinted(expected.printed, got.printed, [...path, 'printed'])),
    ...compareValues(meaningOf(expected.metrics), meaningOf(got.metrics), [...path, 'metrics']),
    ...shared.flatMap((name) => compareValues(field(wanted, name), field(found, name), [...path, 'outputs', name])),
  ];
};

const compareOutputs = (expected: Fields, got: Fields, path: Path): Difference[] =>
  compareValues(storedOutputs({ outputs: expected }), storedOutputs({ outputs: got }), path);

/** A block that Mage runs again for ever is still running; how often it ran means nothing. */
const printedOnce = ({ status, printed }: Fields): ExactJson | undefined =>
  status === 'running' && Array.isArray(printed) ? [...new Set(printed)] : printed;

const compareError = (expected: ExactJson | undefined, got: ExactJson | undefined, path: Path): Difference[] => {
  if (typeof expected !== 'string' || typeof got !== 'string') return compareValues(expected, got, path);
  if (expected === 'none recorded') return [];
  return errorsAgree(expected, got) ? [] : [{ path, expected, got }];
};

/** Of Mage's notes on a block run the index of a dynamic child matters, and of which children it is one. */
const meaningOf = (metrics: ExactJson | undefined): ExactJson | undefined => {
  const index = field(metrics, 'dynamic_block_index');
  const upstream = field(metrics, 'dynamic_upstream_block_uuids');
  return index === undefined ? undefined : { dynamic_block_index: index, dynamic_upstream_block_uuids: upstream ?? [] };
};

/** Outputs without Mage's name of their kind, and without those that were not stored: only statistics files, or what a failed block left. */
const storedOutputs = (block: Fields): ExactJson => {
  const outputs = Object.entries(isObject(block.outputs) ? block.outputs : {});
  const failed = block.status === 'failed';
  const besideChild = outputs.some(([name]) => name === '0/output_0');
  const isNothing = (output: ExactJson): boolean =>
    ((failed || besideChild) && isEmptyDict(output)) || (failed && field(output, 'kind') === 'unreadable');
  return Object.fromEntries(
    outputs.filter(([, output]) => !isNothing(output)).map(([name, output]) => [name, withoutType(output)]),
  );
};

const isEmptyDict = (output: ExactJson): boolean => {
  const value = field(output, 'value');
  return (
    field(output, 'kind') === 'dict' &&
    isObject(value) &&
    Object.keys(value).length === 0 &&
    field(output, 'variable_type') === undefined
  );
};

const withoutType = (output: ExactJson): ExactJson =>
  isObject(output) ? Object.fromEntries(Object.entries(output).filter(([key]) => key !== 'variable_type')) : output;

/** The order of a table's rows is free; of a long one both sides have the first rows of the same order. */
const compareTable = (expected: Fields, got: Fields, path: Path): Difference[] =>
  keysOf(expected, got).flatMap((key) =>
    (key === 'rows' ? compareUnordered : compareValues)(field(expected, key), field(got, key), [...path, key]),
  );

const keysOf = (...values: (ExactJson | undefined)[]): string[] => [
  ...new Set(values.flatMap((value) => (isObject(value) ? Object.keys(value) : []))),
];
