import type { RerunRequest } from '../workbench-source.ts';

/** What was done, as command lines, oldest first; and the run that `.` asks for again. */
export type CommandState = {
  log: readonly { time: number; title: string; line: string }[];
  lastRerun: RerunRequest | null;
};

export const emptyCommands: CommandState = { log: [], lastRerun: null };

/** Lines kept: a day of work fits. */
export const mostCommands = 500;
