import { executeClaim } from '../../src/engine/execute-claim.ts';
import type { ExecuteClaim } from '../../src/engine/run-attempt.ts';

/** Mage's scheduler looked every 0.4 s while the pack was recorded. Milliseconds. */
const nextLook = 400;

/**
 * Runs a block as wand does, but tells of a failure only after the time in which Mage would have noticed it: its siblings had that long to come to
 * their end. wand stops them at once, so that chance would rarely fall as it did for Mage.
 */
export const executeAsRecorded: ExecuteClaim = async (claim, ports) => {
  const result = await executeClaim(claim, ports);
  if (result.status === 'failed' && !ports.signal.aborted)
    await new Promise((resolve) => setTimeout(resolve, nextLook));
  return result;
};
