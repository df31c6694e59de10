import { spawn } from 'node:child_process';
import type { TerminalStreams } from './session.ts';

/** Starts a program on the terminal and answers its exit code. Throws what the system says if it cannot be started. */
export type RunProgram = (command: string, args: readonly string[]) => Promise<number>;

export const programRunner =
  ({ stdin, stdout }: TerminalStreams, environment: NodeJS.ProcessEnv): RunProgram =>
  (command, args) =>
    new Promise((resolve, reject) => {
      const own = stdin === process.stdin && stdout === process.stdout;
      const child = spawn(command, args, {
        stdio: own ? 'inherit' : 'ignore',
        env: { ...process.env, ...environment },
      });
      child.on('error', reject);
      child.on('exit', (code, signal) => resolve(code ?? (signal ? 128 : 1)));
    });
