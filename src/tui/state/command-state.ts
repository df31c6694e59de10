import type { RerunRequest } from '../workbench-source.ts';

/** `time` in milliseconds. */
export type CommandEntry = { time: number; title: string; line: string };

/** What was done, as command lines, oldest first; and the run that `.` asks for again. */
export type CommandState = {
  log: readonly CommandEntry[];
  lastRerun: RerunRequest | null;
};

export const emptyCommands: CommandState = { log: [], lastRerun: null };

/** Lines kept: a day of work fits. */
export const mostCommands = 500;

/** Lines of it that the next workbench finds. */
export const mostKeptCommands = 200;

/** What a file holds of it, as far as it is what was written. */
export const readCommands = (value: unknown): CommandEntry[] => {
  const log = (value as { log?: unknown } | null)?.log;
  return (Array.isArray(log) ? log : []).filter(isEntry).slice(-mostKeptCommands);
};

const isEntry = (value: unknown): value is CommandEntry => {
  const { time, title, line } = (value ?? {}) as Partial<CommandEntry>;
  // A time that no date can have would break the drawing.
  return (
    Number.isFinite(new Date(time ?? Number.NaN).getTime()) && typeof title === 'string' && typeof line === 'string'
  );
};
