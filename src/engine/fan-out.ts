import { readFileSync } from 'node:fs';
import type { BlockResult, DynamicChild } from '../model/block-task.ts';
import type { StoredOutput } from '../model/output.ts';
import { WandError } from '../problem/wand-error.ts';
import type { Claim, ClaimInput } from './claim.ts';
import type { BlockDefinition, Fan } from './run-definition.ts';

/** One of the things a block above gives: a block run, an item of its output if not all of it, and the metadata of that item. */
type Place = { input: ClaimInput; item: number | null; metadata: Record<string, unknown> };

/**
 * The children of a block below dynamic blocks (mage-format.md 3.7): one for each combination of what is above it, the first block outermost.
 * No item gives no child, and what is below goes on at once (Mage waits two minutes and fails).
 */
export const fanOut = (claim: Claim, fan: Fan): BlockResult => {
  const combinations = upstreamsOf(claim.inputs)
    .map(({ input, children }) => placesOf(input, children, fan))
    .reduce<Place[][]>((done, axis) => done.flatMap((places) => axis.map((place) => [...places, place])), [[]]);
  const children = namedChildren(claim, combinations, fan);
  return { status: 'completed', outputs: [], rows: null, tests: [], children };
};

/** Block runs above, each with its children if it is a fan. */
export const upstreamsOf = (inputs: ClaimInput[]): { input: ClaimInput; children: ClaimInput[] }[] =>
  inputs
    .filter(({ childOf }) => !childOf || !inputs.some(({ block }) => block === childOf))
    .map((input) => ({ input, children: inputs.filter(({ childOf }) => childOf === input.block) }));

const placesOf = (input: ClaimInput, children: ClaimInput[], fan: Fan): Place[] => {
  const whole = (from: ClaimInput): Place => ({ input: from, item: null, metadata: {} });
  if (fan.dynamic.includes(input.block)) return (input.isFan ? children : [input]).flatMap(itemsOf);
  if (fan.perChild.includes(input.block)) return children.map(whole);
  return [whole(input)];
};

/** Items (or rows) of a dynamic block's first output, with the metadata of the second (a list of maps). */
const itemsOf = (input: ClaimInput): Place[] => {
  const [data, metadata] = input.outputs;
  if (!data) return [];
  const described = metadata?.kind === 'json' ? readJson(metadata) : [];
  return Array.from({ length: countOf(input, data) }, (_, item) => ({
    input,
    item,
    metadata: asMap(Array.isArray(described) ? described[item] : null),
  }));
};

const countOf = ({ block }: ClaimInput, output: StoredOutput): number => {
  if (output.kind === 'json') {
    const value = readJson(output);
    if (Array.isArray(value)) return value.length;
  } else if (output.rows !== null) return output.rows;
  throw new WandError('not-dynamic', `${output.name} of the dynamic block ${block} is no list and no DataFrame`, {
    fix: 'return a list of outputs whose first is the list (or DataFrame) of items: `return [items]`, or `return [items, metadata]`',
  });
};

const readJson = ({ path }: StoredOutput): unknown => (path ? JSON.parse(readFileSync(path, 'utf8')) : null);

const asMap = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

const namedChildren = (claim: Claim, combinations: Place[][], fan: Fan): DynamicChild[] => {
  const names = combinations.map((places) =>
    places
      .filter(
        ({ input, item }) =>
          item !== null && fan.dynamic.some((uuid) => uuid === input.block || uuid === input.childOf),
      )
      .flatMap(({ metadata }) => (typeof metadata.block_uuid === 'string' ? [metadata.block_uuid] : []))
      .join('__'),
  );
  return combinations.map((places, index) => {
    const name = names[index]!;
    // A name that two items share tells none of them.
    const own = name !== '' && names.indexOf(name) === names.lastIndexOf(name) ? name : null;
    const { fan: _, ...definition } = claim.definition;
    const {
      block_uuid: __,
      upstream_blocks: ___,
      ...variables
    } = Object.assign({}, ...places.map((it) => it.metadata));
    const child: BlockDefinition = {
      ...definition,
      childOf: claim.uuid,
      child: { index, blockUuid: own ?? claim.uuid, items: places.map(({ item }) => item), variables },
    };
    return {
      uuid: `${claim.uuid}:${own ?? index}`,
      definition: child,
      upstream: places.map(({ input }) => input.blockRunId),
    };
  });
};
