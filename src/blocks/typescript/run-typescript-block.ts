import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../home/package-root.ts';
import type { BlockContext, BlockResult } from '../../model/block-task.ts';
import { runChild } from '../child/run-child.ts';

/**
 * Runs a TypeScript block in a Node child of its own (docs/typescript-blocks.md). The child strips the types itself.
 * Two allocator arenas are enough for two threads; glibc's eight per core keep freed memory (peak 290 against 340 MB).
 */
export const runTypescriptBlock = (context: BlockContext): Promise<BlockResult> =>
  runChild(context, {
    command: process.execPath,
    args: [...nodeFlags, childEntry()],
    extraEnvironment: { MALLOC_ARENA_MAX: '2', NODE_COMPILE_CACHE: '' },
  });

const nodeFlags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];

/** From the bundle the bundled child; from source the source, which Node runs as it is. */
const childEntry = (): string => {
  const bundled = join(packageRoot(), 'dist', 'typescript-child.js');
  const fromSource = import.meta.filename.endsWith('run-typescript-block.ts');
  return fromSource || !existsSync(bundled) ? join(packageRoot(), 'src', 'blocks', 'typescript', 'child.ts') : bundled;
};
