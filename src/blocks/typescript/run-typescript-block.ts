import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../home/package-root.ts';
import type { BlockContext, BlockResult } from '../../model/block-task.ts';
import { attendServing, reasonOf } from '../child/attend-child.ts';
import { failedResult } from '../child/child-result.ts';
import type { ChildStart } from '../child/run-child.ts';
import { giveBackChild, prepareChild, takeChild } from '../child/spare-child.ts';

/**
 * Runs a TypeScript block in a Node child (docs/typescript-blocks.md): one that an earlier block has left as it was, one that was started ahead
 * in the same surroundings, or a new one. The child strips the types itself.
 */
export const runTypescriptBlock = async (context: BlockContext): Promise<BlockResult> => {
  if (context.signal.aborted) return failedResult('cancelled', reasonOf(context.signal));
  const start = childStart(context.environment, context.task.workingDirectory);
  const child = await takeChild(start);
  if ('problem' in child) return failedResult('spawn-failed', child.problem);
  const { result, waits } = await attendServing(context, child);
  if (waits) giveBackChild(start, child);
  return result;
};

/** Starts the child of the next TypeScript block ahead. */
export const preloadTypescript = (surroundings: {
  environment: Record<string, string>;
  workingDirectory: string;
}): void => prepareChild(childStart(surroundings.environment, surroundings.workingDirectory));

const starts = new WeakMap<Record<string, string>, Map<string, ChildStart>>();

/** One object for all blocks of the same surroundings. */
const childStart = (environment: Record<string, string>, workingDirectory: string): ChildStart => {
  const known = starts.get(environment) ?? new Map<string, ChildStart>();
  starts.set(environment, known);
  const start: ChildStart = known.get(workingDirectory) ?? {
    program: process.execPath,
    args: [...nodeFlags, childEntry(), 'serve'],
    // fetch() then goes through HTTPS_PROXY, as curl and pip do.
    environment: { ...environment, NODE_USE_ENV_PROXY: '1' },
    workingDirectory,
    serves: true,
  };
  known.set(workingDirectory, start);
  return start;
};

const nodeFlags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];

/** From the bundle the bundled child; from source the source, which Node runs as it is. */
const childEntry = (): string => {
  const bundled = join(packageRoot(), 'dist', 'typescript-child.js');
  const fromSource = import.meta.filename.endsWith('run-typescript-block.ts');
  return fromSource || !existsSync(bundled) ? join(packageRoot(), 'src', 'blocks', 'typescript', 'child.ts') : bundled;
};
