import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../home/process.ts';

/** A running server, as its own postmaster.pid tells. */
export type Postmaster = { pid: number; port: number; status: 'starting' | 'ready' | 'stopping' };

/** The server that runs on a data folder, or null; a pid file whose process is gone, or is another program by now, is none. */
export const findPostmaster = (data: string): Postmaster | null => {
  const lines = readPidFile(data);
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isServerOf(pid, data)) return null;
  const word = lines[7]?.trim();
  const status = word === 'ready' || word === 'standby' ? 'ready' : word === 'stopping' ? 'stopping' : 'starting';
  return { pid, port: Number(lines[3] ?? 0), status };
};

/** Whether there is a pid file that no running server owns. */
export const hasStalePidFile = (data: string): boolean =>
  existsSync(join(data, 'postmaster.pid')) && findPostmaster(data) === null;

/** Processes of a server on this data folder, backends included: each has it as working directory. Linux only; elsewhere empty. */
export const serverProcesses = (data: string): number[] =>
  existsSync('/proc/self/cwd')
    ? readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(Number)
        .filter((pid) => workingDirectory(pid) === realpathSync(data) && isAlive(pid))
    : [];

const readPidFile = (data: string): string[] => {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
};

/** A pid alone proves nothing, it may have been given to another process; a postmaster works in its data folder. */
const isServerOf = (pid: number, data: string): boolean => {
  if (!isAlive(pid)) return false;
  if (existsSync('/proc/self/cwd')) return workingDirectory(pid) === realpathSync(data);
  try {
    return /postgres/.test(execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }));
  } catch {
    return false;
  }
};

const workingDirectory = (pid: number): string | null => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
};
