import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const main = join(import.meta.dirname, '../../src/cli/main.ts');

/** Runs `wand` as a process, from its source, with nothing of the tester's POSTGRES_ settings. */
export const wand = (arguments_: string[], options: { cwd?: string; environment?: Record<string, string> } = {}) => {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(POSTGRES_|WAND_)/.test(name)));
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...arguments_], {
    cwd: options.cwd,
    env: { ...clean, ...options.environment },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};
