import type { Readable } from 'node:stream';
import { startTicksOf } from '../../home/process.ts';
import type { BlockContext, BlockResult, ResourceUsage } from '../../model/block-task.ts';
import type { LogLevel, LogSource } from '../../model/run.ts';
import { childResult, type Ending } from './child-result.ts';
import { collectEvents } from './collect-events.ts';
import { createLineReader, longestLine } from './line-reader.ts';
import { endOnAbort, groupIsGone, signalGroup } from './process-group.ts';

/** How a process ended; `usage` if its parent was told by the kernel. */
export type Exit = { code: number | null; signal: NodeJS.Signals | null; usage: ResourceUsage | null };

/** A started process that leads a group of its own and waits for its task, however it was started. */
export type LiveChild = {
  pgid: number;
  events: Readable;
  stdout: Readable;
  stderr: Readable;
  exited: Promise<Exit>;
  send(context: BlockContext): void;
};

const defaultKillAfterMs = 5_000;
/** The longest log line with every character as an escape: a cut event would be no event any more. */
const longestEvent = 7 * longestLine;
/** How long a pipe may stay open after the child and its group are gone: only a process that left the group can hold it. */
const drainMs = 2_000;
/** How long killed processes may take to go before that is reported. */
const goneMs = 2_000;

/**
 * Gives a waiting child its task and answers what came of it; throws only if `onProcess` does, which is awaited before the task is sent, so
 * before user code runs. Afterwards the child's whole group is gone.
 */
export const attendChild = async (
  context: BlockContext,
  child: LiveChild,
  killAfterMs = defaultKillAfterMs,
): Promise<BlockResult> => {
  const { pgid } = child;
  const abort = endOnAbort(pgid, context.signal, killAfterMs);
  const events = collectEvents(context.log);
  const lastErrorLines: string[] = [];
  readLines(child.events, events.take, longestEvent);
  readLines(child.stdout, logAs(context, 'stdout', 'info'));
  readLines(child.stderr, (line) => {
    rememberLast(lastErrorLines, line);
    context.log({ level: 'info', source: 'stderr', text: line });
  });
  const ended = endingOf(context, child);
  try {
    await context.onProcess({ pgid, startTicks: startTicksOf(pgid) });
    child.send(context);
  } catch (error) {
    signalGroup(pgid, 'SIGKILL');
    throw error;
  } finally {
    await ended;
    abort.stop();
  }
  const { code, signal, usage } = await ended;
  const ending: Ending = { code, signal, byUs: abort.ended(), reason: reasonOf(context.signal) };
  const collected = { ...events.collected, usage: usage ?? events.collected.usage };
  return childResult(context, collected, ending, lastErrorLines);
};

/** Why a signal aborted, in words for the user. */
export const reasonOf = (signal: AbortSignal): string =>
  signal.reason instanceof Error && signal.reason.name !== 'AbortError'
    ? signal.reason.message
    : typeof signal.reason === 'string'
      ? signal.reason
      : 'The block was cancelled';

const readLines = (stream: Readable, take: (line: string) => void, limit = longestLine) => {
  const reader = createLineReader(take, limit);
  stream.on('data', (chunk: Buffer) => reader.push(chunk));
  stream.on('close', () => reader.end());
  stream.on('error', () => undefined);
  // A spare's were paused, so that nothing it says is lost.
  stream.resume();
};

const logAs = (context: BlockContext, source: LogSource, level: LogLevel) => (text: string) =>
  context.log({ level, source, text });

const rememberLast = (lines: string[], line: string) => {
  lines.push(line.slice(0, 2_000));
  if (lines.length > 20) lines.shift();
};

/** Settles when the child is gone, what was left of its group is killed and gone, and its pipes are read to the end. */
const endingOf = async (context: BlockContext, { pgid, events, stdout, stderr, exited }: LiveChild): Promise<Exit> => {
  const streams = [events, stdout, stderr];
  const closed = Promise.all(streams.map(closeOf));
  const exit = await exited;
  signalGroup(pgid, 'SIGKILL');
  const giveUp = setTimeout(() => {
    for (const stream of streams) stream.destroy();
  }, drainMs);
  await closed;
  clearTimeout(giveUp);
  if (!(await groupIsGone(pgid, goneMs))) {
    const text = `processes of the block are still there ${goneMs / 1000} s after KILL (process group ${pgid})`;
    context.log({ level: 'warning', source: 'wand', text });
  }
  return exit;
};

const closeOf = (stream: Readable): Promise<void> =>
  stream.closed ? Promise.resolve() : new Promise((resolve) => stream.once('close', resolve));
