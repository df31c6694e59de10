import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../home/package-root.ts';
import type { BlockContext, BlockResult } from '../../model/block-task.ts';
import { attendChild, reasonOf } from '../child/attend-child.ts';
import { failedResult } from '../child/child-result.ts';
import type { ChildStart } from '../child/run-child.ts';
import { prepareChild, takeChild } from '../child/spare-child.ts';

/**
 * Runs a TypeScript block in a Node child of its own (docs/typescript-blocks.md), one that was started ahead if the block before had the same
 * surroundings. The child strips the types itself.
 */
export const runTypescriptBlock = async (context: BlockContext): Promise<BlockResult> => {
  if (context.signal.aborted) return failedResult('cancelled', reasonOf(context.signal));
  const child = await takeChild(childStart(context.environment, context.task.workingDirectory));
  return 'problem' in child ? failedResult('spawn-failed', child.problem) : attendChild(context, child);
};

/** Starts the child of the next TypeScript block ahead. */
export const preloadTypescript = (surroundings: {
  environment: Record<string, string>;
  workingDirectory: string;
}): void => prepareChild(childStart(surroundings.environment, surroundings.workingDirectory));

const childStart = (environment: Record<string, string>, workingDirectory: string): ChildStart => ({
  program: process.execPath,
  args: [...nodeFlags, childEntry()],
  // fetch() then goes through HTTPS_PROXY, as curl and pip do.
  environment: { ...environment, NODE_USE_ENV_PROXY: '1' },
  workingDirectory,
});

const nodeFlags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];

/** From the bundle the bundled child; from source the source, which Node runs as it is. */
const childEntry = (): string => {
  const bundled = join(packageRoot(), 'dist', 'typescript-child.js');
  const fromSource = import.meta.filename.endsWith('run-typescript-block.ts');
  return fromSource || !existsSync(bundled) ? join(packageRoot(), 'src', 'blocks', 'typescript', 'child.ts') : bundled;
};
