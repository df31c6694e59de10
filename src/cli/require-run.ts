import type { EngineClient } from '../engine/client/open-client.ts';
import type { BlockRun, RunSnapshot } from '../model/run.ts';
import { WandError } from '../problem/wand-error.ts';
import { readSnapshot } from '../store/queries/read-runs.ts';

/** The run of an id; throws `run-not-found`. */
export const requireRun = async (client: EngineClient, id: string): Promise<RunSnapshot> => {
  const snapshot = await readSnapshot(client.store.pool, id);
  if (snapshot) return snapshot;
  throw new WandError('run-not-found', `there is no run ${id}`, { fix: 'wand runs lists them' });
};

/** A block of a run; throws `block-not-found` with the blocks there are. */
export const requireBlock = ({ run, blocks }: RunSnapshot, uuid: string): BlockRun => {
  const block = blocks.find((candidate) => candidate.uuid === uuid);
  if (block) return block;
  throw new WandError('block-not-found', `run ${run.id} has no block ${uuid}`, {
    fix: `its blocks: ${blocks.map((candidate) => candidate.uuid).join(', ')}`,
  });
};
