/** A block with its times in milliseconds; null while it has none. */
export type TimedBlock = { uuid: string; upstream: readonly string[]; start: number | null; end: number | null };

/**
 * The chain of blocks that made the run take as long as it did, first block first: the one that ended last, the upstream block that it waited
 * for longest, and so on.
 */
export const criticalPath = (blocks: readonly TimedBlock[]): string[] => {
  const byId = new Map(blocks.map((block) => [block.uuid, block]));
  const path: string[] = [];
  let at = latest(blocks);
  while (at && !path.includes(at.uuid)) {
    path.unshift(at.uuid);
    at = latest(at.upstream.flatMap((uuid) => byId.get(uuid) ?? []));
  }
  return path;
};

const latest = (blocks: readonly TimedBlock[]): TimedBlock | undefined =>
  blocks.reduce<TimedBlock | undefined>(
    (last, block) => (block.end !== null && (last === undefined || block.end > last.end!) ? block : last),
    undefined,
  );

/** Milliseconds a block waited from the end of its last upstream block, or from the start of the run, to its own start. */
export const waitOf = (block: TimedBlock, blocks: readonly TimedBlock[], began: number): number | null => {
  if (block.start === null) return null;
  return Math.max(0, block.start - readyAt(block, blocks, began));
};

/** When nothing held a block back any more. */
export const readyAt = (block: TimedBlock, blocks: readonly TimedBlock[], began: number): number =>
  Math.max(began, ...blocks.filter(({ uuid }) => block.upstream.includes(uuid)).map(({ end }) => end ?? began));

/**
 * When a run that goes on will have ended, if every block takes as long as usual and none waits for a slot. Null where that cannot be said: a
 * block that has still to run has never completed before.
 */
export const expectedEnd = (
  blocks: readonly (TimedBlock & { isOver: boolean })[],
  usual: ReadonlyMap<string, number>,
  now: number,
): number | null => {
  const byId = new Map(blocks.map((block) => [block.uuid, block]));
  const known = new Map<string, number | null>();
  const endOf = (uuid: string): number | null => {
    const done = known.get(uuid);
    if (done !== undefined) return done;
    known.set(uuid, null);
    const block = byId.get(uuid);
    const end = block ? expected(block) : now;
    known.set(uuid, end);
    return end;
  };
  const expected = (block: TimedBlock & { isOver: boolean }): number | null => {
    if (block.isOver) return block.end ?? now;
    const takes = usual.get(block.uuid);
    if (takes === undefined) return null;
    if (block.start !== null) return Math.max(now, block.start + takes);
    const ends = block.upstream.map(endOf);
    return ends.includes(null) ? null : Math.max(now, ...(ends as number[])) + takes;
  };
  const ends = blocks.map(({ uuid }) => endOf(uuid));
  return ends.length === 0 || ends.includes(null) ? null : Math.max(...(ends as number[]));
};
