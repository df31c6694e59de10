import { delimiter, join } from 'node:path';
import { packageRoot } from '../../home/package-root.ts';
import { statePath } from '../../home/paths.ts';

/** What Python needs beside the block's own environment, for a cold start and for a server alike. */
export const pythonEnvironment = (environment: Record<string, string>): Record<string, string> => ({
  PYTHONPATH: [libraryFolder(), environment.PYTHONPATH].filter(Boolean).join(delimiter),
  // A file json.py in the working directory must not be taken for the standard library's; the block itself does not inherit this.
  PYTHONSAFEPATH: '1',
  // Compiled modules are kept (pandas imports in 0.5 s instead of 1.1 s), but not in the user's folders.
  PYTHONPYCACHEPREFIX: statePath('venvs', 'pycache'),
  PYTHONDONTWRITEBYTECODE: '',
});

/** `wand_blocks` and `mage_ai`, as they are in the package. */
const libraryFolder = (): string => join(packageRoot(), 'src', 'blocks', 'python', 'lib');
