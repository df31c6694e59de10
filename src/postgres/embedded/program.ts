import { execFile } from 'node:child_process';
import type { Account } from './account.ts';

export type ProgramResult = { status: number | null; stdout: string; stderr: string };

/** Runs a server program to its end, as the server's user; `cwd` must be a folder that user may enter. Never throws. */
export const runProgram = (
  command: string,
  args: string[],
  { account, cwd }: { account: Account | null; cwd: string },
): Promise<ProgramResult> =>
  new Promise((resolve) => {
    const options = { cwd, env: serverEnvironment(cwd), maxBuffer: 16 * 1024 * 1024, ...identityOf(account) };
    execFile(command, args, options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : null) : 0;
      resolve({ status: code, stdout, stderr: stderr || (error && code === null ? error.message : '') });
    });
  });

/** Dropping to another uid this way drops root's supplementary groups as well (libuv calls setgroups). */
export const identityOf = (account: Account | null): { uid?: number; gid?: number } =>
  account ? { uid: account.uid, gid: account.gid } : {};

/** Without the caller's PG* variables, of which initdb and postgres read several. */
export const serverEnvironment = (home: string): Record<string, string> => ({
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  LC_ALL: 'C.UTF-8',
  HOME: home,
});
