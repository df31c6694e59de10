import { delimiter, join } from 'node:path';
import { packageRoot } from '../../home/package-root.ts';
import { statePath } from '../../home/paths.ts';
import type { BlockContext, BlockResult } from '../../model/block-task.ts';
import { runChild } from '../child/run-child.ts';
import { findPython } from './interpreter.ts';

/**
 * Runs a Python block in a process of its own, with the semantics of mage-format.md 3.1 to 3.4. A block that fails is a failed result; throws
 * WandError if there is no Python to run it.
 */
export const runPythonBlock = async (context: BlockContext): Promise<BlockResult> => {
  const { environment, task } = context;
  const python = await findPython({ projectPath: task.projectPath, environment });
  return runChild(context, {
    command: python.command,
    args: ['-u', '-m', 'wand_blocks'],
    extraEnvironment: {
      PYTHONPATH: [libraryFolder(), environment.PYTHONPATH].filter(Boolean).join(delimiter),
      // A file json.py in the working directory must not be taken for the standard library's; the block itself does not inherit this.
      PYTHONSAFEPATH: '1',
      // Compiled modules are kept (pandas imports in 0.5 s instead of 1.1 s), but not in the user's folders.
      PYTHONPYCACHEPREFIX: statePath('venvs', 'pycache'),
      PYTHONDONTWRITEBYTECODE: '',
    },
    missingFix: 'Run: wand python setup',
  });
};

/** `wand_blocks` and `mage_ai`, as they are in the package. */
const libraryFolder = (): string => join(packageRoot(), 'src', 'blocks', 'python', 'lib');
