import type { BlockContext, BlockResult } from '../../model/block-task.ts';
import type { BlockError } from '../../model/run.ts';
import type { Collected } from './collect-events.ts';

/** How a child process ended; `byUs` if the block was aborted, for `reason`. */
export type Ending = { code: number | null; signal: NodeJS.Signals | null; byUs: boolean; reason: string };

/** A block that failed before its child could say anything. */
export const failedResult = (type: string, message: string, fix?: string): BlockResult => ({
  status: 'failed',
  error: { type, message, file: null, line: null, traceback: null, fix: fix ?? null },
  outputs: [],
  tests: [],
});

/** What a finished child amounts to: its own error, its `done`, or else a word on how it died, with the last lines it wrote on stderr. */
export const childResult = (
  context: BlockContext,
  { outputs, tests, error, done, usage }: Collected,
  ending: Ending,
  lastErrorLines: string[],
): BlockResult => {
  if (error) return { status: 'failed', error, outputs, tests, usage };
  if (done) {
    if (ending.signal || ending.code !== 0)
      context.log({
        level: 'warning',
        source: 'wand',
        text: `the block completed, then its process ${howItEnded(ending)}`,
      });
    return { status: 'completed', outputs, rows: done.rows, tests, usage };
  }
  return { status: 'failed', error: deathError(context, ending, lastErrorLines), outputs, tests, usage };
};

const deathError = ({ task }: BlockContext, ending: Ending, lastErrorLines: string[]): BlockError => {
  const traceback = lastErrorLines.length > 0 ? lastErrorLines.join('\n') : null;
  if (ending.byUs)
    return { type: 'cancelled', message: ending.reason, file: null, line: null, traceback: null, fix: null };
  const outOfMemory = ending.signal === 'SIGKILL';
  return {
    type: 'child-died',
    message: `The process of block ${task.blockUuid} ${howItEnded(ending)} before it reported a result${
      outOfMemory ? '; the system does that when memory runs out' : ''
    }`,
    file: task.file,
    line: null,
    traceback,
    fix: outOfMemory ? 'Look for "Out of memory" in the system log, and read or keep less data at once.' : null,
  };
};

const howItEnded = ({ code, signal }: Ending): string =>
  signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
