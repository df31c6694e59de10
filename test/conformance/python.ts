import { join } from 'node:path';
import { setupPython } from '../../src/blocks/python/setup.ts';
import { messageOf } from '../../src/problem/wand-error.ts';

/**
 * Names one Python for the blocks of all cases, in WAND_PYTHON: the one that is named there already, else an environment made in
 * this run's WAND_HOME from PyPI. Where it cannot be made, `skip` says why.
 */
export const preparePython = async (): Promise<{ skip: string | null }> => {
  if (process.env.WAND_PYTHON) return { skip: null };
  try {
    process.env.WAND_PYTHON = (await setupPython({ projectPath: join(import.meta.dirname, 'python') })).command;
    return { skip: null };
  } catch (error) {
    return { skip: messageOf(error) };
  }
};
