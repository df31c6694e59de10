import type { LogLevel, LogLine } from '../../model/run.ts';
import type { Trouble } from './state.ts';

/** What a line begins with: the time of day, the time since the run began, nothing. */
export type LogTime = 'clock' | 'since' | 'none';

/** Where to go in a log whose lines there are not held: an end, or a line. */
export type LogSeek =
  | { to: 'start' }
  | { to: 'end' }
  /** `row` is the row of the pane in which the line is to stand; without one it stands in the middle. */
  | { to: 'line'; sequence: number; row?: number };

/** What is looked for beyond the lines that are held. */
export type LogLook = { for: 'text' | 'error'; side: 'older' | 'newer'; from: number; wrapped: boolean };

/** A search that was given up on the way: it goes on from `from` if it is asked for again at the same line. */
export type StoppedLook = LogLook & { cursor: number | null; search: string };

/** A window on a log of any length: some thousand lines round the place that is read, so that memory does not grow with the log. */
export type LogState = {
  /** Run, block, filter and level the lines belong to; null before the first. */
  key: string | null;
  lines: readonly LogLine[];
  loaded: boolean;
  /** No line before the first one held, none after the last one. */
  atStart: boolean;
  atEnd: boolean;
  /** Sequence up to which was looked for newer lines: a filter may have let none through. */
  reached: number;
  /** Sequence down to which was looked for older ones. */
  reachedBack: number;
  /** Lines of the run in all. */
  total: number;
  /** Asked for and not there yet. */
  seek: LogSeek | null;
  /** Lines by which the cursor is to move once it is there: keys were faster. */
  ahead: number;
  look: LogLook | null;
  stopped: StoppedLook | null;
  trouble: Trouble | null;
  follow: boolean;
  /** First line in view, as index in `lines`. */
  top: number;
  left: number;
  search: string;
  /** Sequence of the line under the cursor; null while the log is followed, which keeps it on the last line. */
  cursor: number | null;
  /** Sequence of the line from which lines are marked, up to the cursor. */
  anchor: number | null;
  scope: 'run' | 'block';
  filter: string;
  level: LogLevel;
  wrap: boolean;
  time: LogTime;
  /** Lines of JSON are shown as their message and values. */
  folded: boolean;
  /** Sequence of the line after which a rule is drawn. */
  mark: number | null;
};

export const emptyLogs: LogState = {
  key: null,
  lines: [],
  loaded: false,
  atStart: false,
  atEnd: false,
  reached: 0,
  reachedBack: Number.MAX_SAFE_INTEGER,
  total: 0,
  seek: null,
  ahead: 0,
  look: null,
  stopped: null,
  trouble: null,
  follow: true,
  top: 0,
  left: 0,
  search: '',
  cursor: null,
  anchor: null,
  scope: 'run',
  filter: '',
  level: 'debug',
  wrap: false,
  time: 'clock',
  folded: true,
  mark: null,
};

/** The log of another run or block, seen the same way. */
export const freshLogs = ({ search, scope, filter, level, wrap, time, folded }: LogState): LogState => ({
  ...emptyLogs,
  search,
  scope,
  filter,
  level,
  wrap,
  time,
  folded,
});
