import { type ExactJson, field, isObject } from './exact-json.ts';

/** Upstream blocks of each block of a pipeline. */
export type Edges = Map<string, string[]>;

/** Statuses of a block that was not run to its end. */
export const unfinished = new Set(['cancelled', 'running']);
const finished = new Set(['completed', 'condition_failed']);

/**
 * Blocks that were done in one of two failed runs and not in the other: in a run that fails with its first failed block it is chance which of
 * that block's siblings were done by then (README of the pack, "Known non-determinism"). What failed, and what is above and below it, is not.
 */
export const leftToChance = (expected: ExactJson, got: ExactJson, edges: Edges): Set<string> => {
  if (field(expected, 'status') !== 'failed' || field(got, 'status') !== 'failed') return new Set();
  const blocks = field(expected, 'blocks');
  const uuids = isObject(blocks) ? Object.keys(blocks) : [];
  const statusIn = (step: ExactJson, uuid: string): string =>
    String(field(field(field(step, 'blocks'), uuid), 'status'));
  const failed = uuids.filter((uuid) => statusIn(expected, uuid) === 'failed');
  return new Set(
    uuids.filter((uuid) => {
      const pair = [statusIn(expected, uuid), statusIn(got, uuid)];
      if (!pair.some((status) => unfinished.has(status)) || !pair.some((status) => finished.has(status))) return false;
      // What is above a block that failed was done before it, in every run.
      return (
        isInPipeline(edges, uuid) && !failed.some((other) => isBelow(edges, uuid, other) || isBelow(edges, other, uuid))
      );
    }),
  );
};

/** A child of a dynamic block, or a replica, stands where its block does. */
const blockOf = (edges: Edges, uuid: string): string => (edges.has(uuid) ? uuid : uuid.split(':')[0]!);

const isInPipeline = (edges: Edges, uuid: string): boolean => edges.has(blockOf(edges, uuid));

const isBelow = (edges: Edges, uuid: string, above: string): boolean => {
  const target = blockOf(edges, above);
  const seen = new Set<string>();
  const reaches = (from: string): boolean => {
    if (seen.has(from)) return false;
    seen.add(from);
    return (edges.get(from) ?? []).some((upstream) => upstream === target || reaches(upstream));
  };
  return reaches(blockOf(edges, uuid));
};
