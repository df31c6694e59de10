import type { BlockContext, BlockResult } from '../../model/block-task.ts';
import { attendChild, type LiveChild, reasonOf } from '../child/attend-child.ts';
import { failedResult } from '../child/child-result.ts';
import { runChild } from '../child/run-child.ts';
import { blockServer, noServer, serversWork } from './block-servers.ts';
import { findPython } from './interpreter.ts';
import { pythonEnvironment } from './launch.ts';

/**
 * Runs a Python block in a process of its own, with the semantics of mage-format.md 3.1 to 3.4: forked from a block server, or started cold
 * where there can be none. A block that fails is a failed result; throws WandError if there is no Python to run it.
 */
export const runPythonBlock = async (context: BlockContext): Promise<BlockResult> => {
  const { environment, task } = context;
  const python = await findPython({ projectPath: task.projectPath, environment });
  if (task.inProcessOfRun) return (await import('./run-process.ts')).runInRunProcess(context, python.command);
  const child = await forkedChild(context, python.command);
  if (context.signal.aborted && !child) return failedResult('cancelled', reasonOf(context.signal));
  if (child) return attendChild(context, child);
  return runChild(context, {
    command: python.command,
    args: ['-u', '-m', 'wand_blocks'],
    extraEnvironment: pythonEnvironment(environment),
    missingFix: 'Run: wand python setup',
  });
};

/**
 * Starts the block server of a project ahead, so that its first block does not wait for the import of pandas. What is wrong is told when a
 * block needs it.
 */
export const preloadPython = async ({
  projectPath,
  environment,
  workingDirectory = projectPath,
}: {
  projectPath: string;
  environment: Record<string, string>;
  workingDirectory?: string;
}): Promise<void> => {
  if (!serversWork()) return;
  try {
    const { command } = await findPython({ projectPath, environment });
    await blockServer({
      command,
      environment: { ...environment, ...pythonEnvironment(environment) },
      workingDirectory,
    });
  } catch {
    // No Python, or no server: the first block says so.
  }
};

const forkedChild = async (context: BlockContext, command: string): Promise<LiveChild | null> => {
  const { environment, task, signal } = context;
  if (!serversWork() || signal.aborted) return null;
  const complete = { ...environment, ...pythonEnvironment(environment) };
  try {
    const server = await blockServer({ command, environment: complete, workingDirectory: task.workingDirectory });
    const child = (await server?.child(complete, signal)) ?? null;
    if (server && !child && !signal.aborted)
      context.log({ level: 'warning', source: 'wand', text: noServer(server.problem()) });
    return child;
  } catch (error) {
    context.log({ level: 'warning', source: 'wand', text: noServer(error) });
    return null;
  }
};
