import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { WandError } from '../../problem/wand-error.ts';
import { findInstance } from '../../project/instance.ts';
import { showWorkbench } from '../show-workbench.ts';
import { runs } from '../verb.ts';
import { verbs } from './index.ts';

/** `wand [path]`: the workbench on an instance or project. */
export const addWorkbenchVerb = (program: Command): void => {
  program.argument('[path]', 'instance or project to open in the workbench');
  runs(program, async ({ arguments: [path], options }) => {
    if (path !== undefined && !existsSync(path)) {
      throw new WandError('no-such-verb', `${path} is neither a verb nor a folder`, {
        fix: `verbs: ${Object.keys(verbs)
          .filter((name) => name !== 'start')
          .join(', ')}`,
      });
    }
    // Only where it is: the workbench reads the files itself, once.
    const { instance, project } = findInstance(path ?? options.directory ?? process.cwd());
    return showWorkbench({ instancePath: instance, start: project ? { project } : undefined });
  });
};
