import { join } from 'node:path';
import { setupPython } from '../../src/blocks/python/setup.ts';

/**
 * Names one Python for the blocks of all cases, in WAND_PYTHON: the one that is named there already, else an environment made in
 * this run's WAND_HOME. Throws WandError, for one `python-packages-unreachable`.
 */
export const preparePython = async (): Promise<void> => {
  if (process.env.WAND_PYTHON) return;
  process.env.WAND_PYTHON = (await setupPython({ projectPath: join(import.meta.dirname, 'python') })).command;
};
