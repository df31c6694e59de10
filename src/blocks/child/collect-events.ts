import type { ChildEvent, LogEntry, ResourceUsage } from '../../model/block-task.ts';
import type { StoredOutput } from '../../model/output.ts';
import type { BlockError, TestResult } from '../../model/run.ts';

/** What a child has told so far. `done` is null until it says so. */
export type Collected = {
  outputs: StoredOutput[];
  tests: TestResult[];
  error: BlockError | null;
  done: { rows: number | null } | null;
  usage: ResourceUsage | null;
};

/** Gathers the lines of file descriptor 3; log events go on at once, so that a log can be followed. A line that is no event is reported in the log. */
export const collectEvents = (log: (entry: LogEntry) => void): { take(line: string): void; collected: Collected } => {
  const collected: Collected = { outputs: [], tests: [], error: null, done: null, usage: null };
  const take = (line: string) => {
    const event = readEvent(line);
    switch (event?.type) {
      case 'log':
        return log({ level: event.level, source: event.source, text: event.text });
      case 'test':
        return collected.tests.push({ name: event.name, passed: event.passed, message: event.message });
      case 'output':
        return collected.outputs.push(event.output);
      case 'error':
        collected.error ??= event.error;
        return;
      case 'usage':
        collected.usage = event.usage;
        return;
      case 'done':
        collected.done = { rows: event.rows };
        return;
      default:
        return log({
          level: 'warning',
          source: 'wand',
          text: `ignored an unknown event of the block's process: ${line.slice(0, 200)}`,
        });
    }
  };
  return { take, collected };
};

const readEvent = (line: string): ChildEvent | null => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'type' in value ? (value as ChildEvent) : null;
  } catch {
    return null;
  }
};
