import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { BlockContext, BlockResult } from '../../model/block-task.ts';
import { messageOf } from '../../problem/wand-error.ts';
import { attendChild, type Exit, type LiveChild, reasonOf } from './attend-child.ts';
import { failedResult } from './child-result.ts';
import { withDeathSignal } from './death-signal.ts';
import { findExecutable } from './executable.ts';

export type ChildLaunch = {
  /** A program by absolute path, or by name on the PATH of the block's environment. */
  command: string;
  args: string[];
  extraEnvironment?: Record<string, string>;
  /** From TERM to KILL after an abort; 5,000 ms unless told. */
  killAfterMs?: number;
  /** The way out if the program is missing. */
  missingFix?: string;
};

/**
 * Runs a block in a child process of its own group and answers what came of it; throws only if `onProcess` does.
 * The child gets the task as the first line of its standard input, which stays open for as long as this process lives, says ChildEvents on
 * file descriptor 3, and its plain output becomes log lines. `context.onProcess` is awaited before the task is sent, so before user code runs.
 */
export const runChild = async (context: BlockContext, launch: ChildLaunch): Promise<BlockResult> => {
  const environment = { ...context.environment, ...launch.extraEnvironment };
  const program = findExecutable(launch.command, environment);
  if (!program) return failedResult('missing-program', `${launch.command}: no such program`, launch.missingFix);
  if (context.signal.aborted) return failedResult('cancelled', reasonOf(context.signal));

  const child = await startChild({
    program,
    args: launch.args,
    environment,
    workingDirectory: context.task.workingDirectory,
  });
  if ('problem' in child) return failedResult('spawn-failed', child.problem);
  return attendChild(context, child, launch.killAfterMs);
};

export type ChildStart = {
  /** Absolute path. */
  program: string;
  args: string[];
  environment: Record<string, string>;
  workingDirectory: string;
  /** Takes several tasks, on file descriptor 4 (`attendServing`). */
  serves?: boolean;
};

export type StartedChild = LiveChild & { process: ChildProcess };

/** Starts a child that then waits for its task. */
export const startChild = async ({
  program,
  args,
  environment,
  workingDirectory,
  serves = false,
}: ChildStart): Promise<StartedChild | { problem: string }> => {
  const [command, commandArgs] = await withDeathSignal(program, args);
  const child = spawn(command, commandArgs, {
    cwd: workingDirectory,
    env: environment,
    // A session and group of its own: ctrl-c on the terminal reaches wand alone, and one signal reaches all that the block starts.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', ...(serves ? (['pipe'] as const) : [])],
  });
  const exited = exitOf(child);
  try {
    await once(child, 'spawn');
  } catch (error) {
    return { problem: `${program} could not be started in ${workingDirectory}: ${messageOf(error)}` };
  }
  return {
    process: child,
    pgid: child.pid as number,
    events: child.stdio[3] as Readable,
    stdout: child.stdout as Readable,
    stderr: child.stderr as Readable,
    exited,
    send: (context, end) =>
      serves
        ? sendLine(child.stdio[4] as Writable, { task: context.task, end })
        : sendLine(child.stdin as Writable, context.task),
  };
};

const exitOf = (child: ChildProcess): Promise<Exit> =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal, usage: null }));
  });

const sendLine = (input: Writable, value: object) => {
  // A child that has died already closes the pipe; its exit tells more than EPIPE would.
  if (input.listenerCount('error') === 0) input.on('error', () => undefined);
  input.write(`${JSON.stringify(value)}\n`);
};
