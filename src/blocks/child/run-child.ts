import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { startTicksOf } from '../../home/process.ts';
import type { BlockContext, BlockResult } from '../../model/block-task.ts';
import type { LogLevel, LogSource } from '../../model/run.ts';
import { messageOf } from '../../problem/wand-error.ts';
import { childResult, type Ending, failedResult } from './child-result.ts';
import { collectEvents } from './collect-events.ts';
import { withDeathSignal } from './death-signal.ts';
import { findExecutable } from './executable.ts';
import { createLineReader, longestLine } from './line-reader.ts';
import { endOnAbort, signalGroup } from './process-group.ts';

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

const defaultKillAfterMs = 5_000;
/** The longest log line with every character as an escape: a cut event would be no event any more. */
const longestEvent = 7 * longestLine;
/** How long a pipe may stay open after the child and its group are gone: only a process that left the group can hold it. */
const drainMs = 2_000;

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

  const child = await startChild(context, program, launch.args, environment);
  if ('problem' in child) return failedResult('spawn-failed', child.problem);
  const pgid = child.process.pid as number;
  const abort = endOnAbort(pgid, context.signal, launch.killAfterMs ?? defaultKillAfterMs);
  const events = collectEvents(context.log);
  const lastErrorLines: string[] = [];
  readLines(child.events, events.take, longestEvent);
  readLines(child.process.stdout, logAs(context, 'stdout', 'info'));
  readLines(child.process.stderr, (line) => {
    rememberLast(lastErrorLines, line);
    context.log({ level: 'info', source: 'stderr', text: line });
  });
  const ended = endingOf(child.process, pgid, child.events);
  try {
    await context.onProcess({ pgid, startTicks: startTicksOf(pgid) });
    sendTask(child.process.stdin as Writable, context);
  } catch (error) {
    signalGroup(pgid, 'SIGKILL');
    throw error;
  } finally {
    await ended;
    abort.stop();
  }
  const ending: Ending = { ...(await ended), byUs: abort.ended(), reason: reasonOf(context.signal) };
  return childResult(context, events.collected, ending, lastErrorLines);
};

type Started = { process: ChildProcess; events: Readable };

const startChild = async (
  context: BlockContext,
  program: string,
  args: string[],
  environment: Record<string, string>,
): Promise<Started | { problem: string }> => {
  const [command, commandArgs] = await withDeathSignal(program, args);
  const child = spawn(command, commandArgs, {
    cwd: context.task.workingDirectory,
    env: environment,
    // A session and group of its own: ctrl-c on the terminal reaches wand alone, and one signal reaches all that the block starts.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  try {
    await once(child, 'spawn');
    return { process: child, events: child.stdio[3] as Readable };
  } catch (error) {
    return { problem: `${program} could not be started in ${context.task.workingDirectory}: ${messageOf(error)}` };
  }
};

const sendTask = (stdin: Writable, context: BlockContext) => {
  // A child that has died already closes the pipe; its exit tells more than EPIPE would.
  stdin.on('error', () => undefined);
  stdin.write(`${JSON.stringify(context.task)}\n`);
};

const readLines = (stream: Readable | null, take: (line: string) => void, limit = longestLine) => {
  const reader = createLineReader(take, limit);
  stream?.on('data', (chunk: Buffer) => reader.push(chunk));
  stream?.on('close', () => reader.end());
  stream?.on('error', () => undefined);
};

const logAs = (context: BlockContext, source: LogSource, level: LogLevel) => (text: string) =>
  context.log({ level, source, text });

const rememberLast = (lines: string[], line: string) => {
  lines.push(line.slice(0, 2_000));
  if (lines.length > 20) lines.shift();
};

/** Settles when the child is gone, what was left of its group is killed, and its pipes are read to the end. */
const endingOf = async (
  child: ChildProcess,
  pgid: number,
  events: Readable,
): Promise<Pick<Ending, 'code' | 'signal'>> => {
  const closed = once(child, 'close');
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  signalGroup(pgid, 'SIGKILL');
  const giveUp = setTimeout(() => {
    for (const stream of [child.stdout, child.stderr, events]) stream?.destroy();
  }, drainMs);
  await closed;
  clearTimeout(giveUp);
  return { code, signal };
};

const reasonOf = (signal: AbortSignal): string =>
  signal.reason instanceof Error && signal.reason.name !== 'AbortError'
    ? signal.reason.message
    : typeof signal.reason === 'string'
      ? signal.reason
      : 'The block was cancelled';
