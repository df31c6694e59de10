import type { LogLevel, LogLine } from '../../model/run.ts';
import type { Trouble } from './state.ts';

/** What a line begins with: the time of day, the time since the run began, nothing. */
export type LogTime = 'clock' | 'since' | 'none';

/** Where to go in a log whose lines there are not held: an end, or a line. */
export type LogSeek = { to: 'start' | 'end' } | { to: 'line'; sequence: number };

/** What is looked for beyond the lines that are held. */
export type LogLook = { for: 'text' | 'error'; side: 'older' | 'newer'; from: number; wrapped: boolean };

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
  /** Lines of the run in all. */
  total: number;
  /** Asked for and not there yet. */
  seek: LogSeek | null;
  look: LogLook | null;
  trouble: Trouble | null;
  follow: boolean;
  /** First line in view, as index in `lines`. */
  top: number;
  left: number;
  search: string;
  /** Sequence of the current match. */
  match: number | null;
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
  total: 0,
  seek: null,
  look: null,
  trouble: null,
  follow: true,
  top: 0,
  left: 0,
  search: '',
  match: null,
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
