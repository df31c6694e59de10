import { randomUUID } from 'node:crypto';
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
  /** `end` is the line by which a serving child ends the output of this block. */
  send(context: BlockContext, end?: string): void;
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
): Promise<BlockResult> => (await attend(context, child, killAfterMs, null)).result;

/** The same with a child that may wait for another task afterwards (`waits`); if it does not, its group is gone. */
export const attendServing = (
  context: BlockContext,
  child: LiveChild,
): Promise<{ result: BlockResult; waits: boolean }> =>
  attend(context, child, defaultKillAfterMs, `\u0000${randomUUID()}`);

const attend = async (
  context: BlockContext,
  child: LiveChild,
  killAfterMs: number,
  end: string | null,
): Promise<{ result: BlockResult; waits: boolean }> => {
  const { pgid } = child;
  const abort = endOnAbort(pgid, context.signal, killAfterMs);
  const events = collectEvents(context.log);
  const lastErrorLines: string[] = [];
  const quiet = whenQuiet(child, end, {
    events: events.take,
    stdout: logAs(context, 'stdout', 'info'),
    stderr: (line) => {
      rememberLast(lastErrorLines, line);
      context.log({ level: 'info', source: 'stderr', text: line });
    },
  });
  // A serving child's exit is waited for by each of its blocks: nothing of this one may hang on it.
  const ended = Promise.race([quiet.settled.then(() => null), child.exited]).then((exit) =>
    exit === null ? null : endingOf(context, child, exit),
  );
  try {
    await context.onProcess({ pgid, startTicks: startTicksOf(pgid) });
    child.send(context, end ?? undefined);
  } catch (error) {
    signalGroup(pgid, 'SIGKILL');
    throw error;
  } finally {
    await ended;
    quiet.stop();
    abort.stop();
  }
  const exit = (await ended) ?? { code: 0, signal: null, usage: null };
  const ending: Ending = { ...exit, byUs: abort.ended(), reason: reasonOf(context.signal) };
  const collected = { ...events.collected, usage: exit.usage ?? events.collected.usage };
  const waits = (await ended) === null && !abort.ended();
  if ((await ended) === null && !waits) signalGroup(pgid, 'SIGKILL');
  return { result: childResult(context, collected, ending, lastErrorLines), waits };
};

/** Why a signal aborted, in words for the user. */
export const reasonOf = (signal: AbortSignal): string =>
  signal.reason instanceof Error && signal.reason.name !== 'AbortError'
    ? signal.reason.message
    : typeof signal.reason === 'string'
      ? signal.reason
      : 'The block was cancelled';

type Takers = { events(line: string): void; stdout(line: string): void; stderr(line: string): void };

/**
 * Reads all a child says, line by line. Settles when the child has ended its block: it said so, and both outputs are read up to the line `end`.
 * Of a child that ends itself it never settles; its streams are read until they close. `stop` forgets to kill one that does not.
 */
const whenQuiet = (child: LiveChild, end: string | null, take: Takers): { settled: Promise<void>; stop(): void } => {
  const quiet = Promise.withResolvers<void>();
  const stops: (() => void)[] = [];
  let left = 3;
  const passed = (): void => {
    left -= 1;
    if (left > 0) return;
    for (const stop of stops) stop();
    clearTimeout(timer);
    quiet.resolve();
  };
  let timer: NodeJS.Timeout | undefined;
  /** A block can be done and yet keep its process from saying more, with promises that never end. */
  const onEvent = (line: string): void => {
    if (end === null) return void take.events(line);
    if (line === '{"type":"idle"}') return void passed();
    take.events(line);
    if (line.startsWith('{"type":"done"'))
      timer = setTimeout(() => signalGroup(child.pgid, 'SIGKILL'), settleMs).unref();
  };
  const untilEnd = (taken: (line: string) => void) => (line: string) => {
    if (end === null || !line.endsWith(end)) return taken(line);
    // What was written without a line end stands before it.
    if (line.length > end.length) taken(line.slice(0, -end.length));
    passed();
  };
  stops.push(
    readLines(child.events, onEvent, longestEvent),
    readLines(child.stdout, untilEnd(take.stdout)),
    readLines(child.stderr, untilEnd(take.stderr)),
  );
  return { settled: quiet.promise, stop: () => clearTimeout(timer) };
};

/** How long a child may take from the end of its block to saying what it does next. */
const settleMs = 5_000;

/** Answers a function that stops reading. */
const readLines = (stream: Readable, take: (line: string) => void, limit = longestLine): (() => void) => {
  const reader = createLineReader(take, limit);
  const onData = (chunk: Buffer): void => reader.push(chunk);
  const onClose = (): void => reader.end();
  const onError = (): void => undefined;
  stream.on('data', onData).on('close', onClose).on('error', onError);
  // A spare's were paused, so that nothing it says is lost.
  stream.resume();
  return () => {
    stream.pause();
    stream.off('data', onData).off('close', onClose).off('error', onError);
  };
};

const logAs = (context: BlockContext, source: LogSource, level: LogLevel) => (text: string) =>
  context.log({ level, source, text });

const rememberLast = (lines: string[], line: string) => {
  lines.push(line.slice(0, 2_000));
  if (lines.length > 20) lines.shift();
};

/** Settles when the child is gone, what was left of its group is killed and gone, and its pipes are read to the end. */
const endingOf = async (
  context: BlockContext,
  { pgid, events, stdout, stderr }: LiveChild,
  exit: Exit,
): Promise<Exit> => {
  const streams = [events, stdout, stderr];
  const closed = Promise.all(streams.map(closeOf));
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

/** A stream is `closed` a moment before it says so, and only then its reader hands on a last line that has no end. */
const closeOf = (stream: Readable): Promise<void> =>
  new Promise((resolve) => {
    if (stream.closed) setImmediate(resolve);
    else stream.once('close', resolve);
  });
