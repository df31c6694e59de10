import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findExecutable } from './executable.ts';

let found: Promise<string | null> | undefined;

/**
 * Wraps a command so that the kernel kills it when this process dies (decisions.md 19). `setpriv` becomes the command by exec, so the pid stays.
 * Without a `setpriv` that can do it (macOS, busybox) the command is left as it is and the child's watch on its standard input has to do.
 */
export const withDeathSignal = async (command: string, args: string[]): Promise<[string, string[]]> => {
  found ??= usableSetpriv();
  const setpriv = await found;
  return setpriv ? [setpriv, ['--pdeathsig', 'KILL', '--', command, ...args]] : [command, args];
};

const usableSetpriv = async (): Promise<string | null> => {
  const setpriv = process.platform === 'linux' ? findExecutable('setpriv', process.env) : null;
  if (!setpriv) return null;
  try {
    await promisify(execFile)(setpriv, ['--pdeathsig', 'KILL', '--', setpriv, '--version']);
    return setpriv;
  } catch {
    return null;
  }
};
