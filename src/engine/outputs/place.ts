import { join, resolve, sep } from 'node:path';
import { statePath } from '../../home/paths.ts';

/**
 * Where outputs lie: `$WAND_HOME/outputs`, or in `WAND_SHARED`, a folder that all hosts see by the same path, below the id of the state
 * database: several of them may share either, and each has a run 1.
 */
export const outputsRoot = (stateId: string): string =>
  process.env.WAND_SHARED ? join(resolve(process.env.WAND_SHARED), 'outputs', stateId) : statePath('outputs', stateId);

/** Tables made of the files that a run was given by hand (`--input`). */
export const givenFolder = (): string => statePath('outputs', 'given');

/** Whether a path is in the shared folder, so that it means the same on each host. */
export const isShared = (path: string): boolean =>
  Boolean(process.env.WAND_SHARED) && path.startsWith(`${resolve(process.env.WAND_SHARED!)}${sep}`);
