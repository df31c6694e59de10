import { createHash } from 'node:crypto';

/** Moments in an attempt's life at which a test may have its worker killed. */
export type CrashPoint =
  /** The attempt is this worker's; nothing of it has begun. */
  | 'claimed'
  /** The block is done and its data committed; the state database does not know yet. */
  | 'executed'
  /** The state database knows, and may have given this worker the next block. */
  | 'finished';

/**
 * Kills this process here if a crash test asks for it: WAND_TEST_CRASH is `SEED:SHARE`, and SHARE (0 to 1) of all blocks have such a moment at
 * each point. Which ones follows from the seed alone, so that a storm can be repeated. A third attempt is spared: a block
 * that loses five workers has failed.
 */
export const crashPoint = (point: CrashPoint, { uuid, attempt }: { uuid: string; attempt: number }): void => {
  if (!wanted || attempt > 2) return;
  const [seed = '', share = '0'] = wanted.split(':');
  const digest = createHash('sha256').update(`${seed} ${point} ${uuid} ${attempt}`).digest();
  if (digest.readUInt32BE() / 2 ** 32 < Number(share)) process.kill(process.pid, 'SIGKILL');
};

const wanted = process.env.WAND_TEST_CRASH;
