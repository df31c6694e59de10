import { findInstance } from '../project/instance.ts';
import { runWorkbench } from './run-workbench.ts';
import { reportError } from './verb.ts';

/** The start that people wait for, in a bundle of its own: three files in place of sixty, and no command parser. */
export const startWorkbench = async (directory: string | undefined): Promise<void> => {
  try {
    const { instance, project } = findInstance(directory ?? process.cwd());
    process.exitCode = await runWorkbench({ instancePath: instance, start: project ? { project } : undefined });
  } catch (error) {
    process.exitCode = reportError(error, false);
  }
};
