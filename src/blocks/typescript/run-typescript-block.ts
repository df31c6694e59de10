import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../home/package-root.ts';
import type { BlockContext, BlockResult } from '../../model/block-task.ts';
import { runChild } from '../child/run-child.ts';

/** Runs a TypeScript block in a Node child of its own (docs/typescript-blocks.md). The child strips the types itself. */
export const runTypescriptBlock = (context: BlockContext): Promise<BlockResult> =>
  runChild(context, {
    command: process.execPath,
    args: [...nodeFlags, childEntry()],
    // fetch() then goes through HTTPS_PROXY, as curl and pip do.
    extraEnvironment: { NODE_USE_ENV_PROXY: '1' },
  });

const nodeFlags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];

/** From the bundle the bundled child; from source the source, which Node runs as it is. */
const childEntry = (): string => {
  const bundled = join(packageRoot(), 'dist', 'typescript-child.js');
  const fromSource = import.meta.filename.endsWith('run-typescript-block.ts');
  return fromSource || !existsSync(bundled) ? join(packageRoot(), 'src', 'blocks', 'typescript', 'child.ts') : bundled;
};
