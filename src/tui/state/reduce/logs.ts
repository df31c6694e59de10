import { fullCount } from '../../../draw/numbers.ts';
import { paneInner } from '../../view/pane-size.ts';
import type { LogLooked, Reducer } from '../event.ts';
import { cursorAt, topOf } from '../log-place.ts';
import { freshLogs, type LogState, type StoppedLook } from '../log-state.ts';
import { withPage, withWindow } from '../log-window.ts';
import type { State } from '../state.ts';

/** The log pane: the window it holds, where it stands, what it looks for. */
export const reduceLogs: Reducer = (state, event) => {
  const { logs } = state;
  const withLogs = (change: Partial<LogState>): State => ({ ...state, logs: { ...logs, ...change } });
  if ('key' in event && event.type !== 'logOpened' && event.key !== logs.key) return state;
  switch (event.type) {
    case 'logOpened':
      return { ...state, logs: opened(state, event.key) };
    case 'logPaged':
      // Lines that are still shown while others are sought are of an older question.
      return event.key === logs.key && !logs.seek ? { ...state, logs: withPage(logs, event.side, event.page) } : state;
    case 'logSought':
      return event.seek === logs.seek ? { ...state, logs: withAhead(state, arrived(state, event)) } : state;
    case 'logFailed':
      return withLogs({
        trouble: event.trouble,
        seek: null,
        look: null,
        loaded: true,
        lines: [],
        atStart: true,
        atEnd: true,
      });
    case 'logGrew':
      return withLogs({ atEnd: false });
    case 'logLooked':
      return event.look === logs.look ? looked(state, event) : state;
    case 'logScrolled':
      return { ...state, logs: logs.seek ? { ...logs, ahead: logs.ahead + event.by } : moved(state, event.by) };
    case 'logJumped':
      return { ...state, logs: jumped(state, event.to) };
    case 'logShifted':
      return withLogs({ left: Math.max(0, logs.left + event.by) });
    case 'logFollowed':
      return event.follow
        ? { ...state, logs: jumped(state, 'bottom') }
        : withLogs({ follow: false, top: topOf(state), cursor: logs.lines.at(-1)?.sequence ?? null });
    case 'logScopeToggled':
      return withLogs({ scope: logs.scope === 'run' ? 'block' : 'run' });
    case 'logMatched':
      return { ...state, logs: matchFrom(state, event.direction) };
    case 'logErrorWanted':
      return { ...state, logs: errorFrom(logs) };
    case 'logShown':
      return withLogs({ ...event.change, top: topOf(state) });
    case 'logMarked':
      return withLogs({ mark: logs.lines[cursorAt(logs)]?.sequence ?? null });
    case 'logMarkSought':
      return logs.mark === null ? state : { ...state, logs: toLine(state, logs.mark) };
    case 'logAnchored':
      return { ...state, logs: anchored(state, event.anchored) };
    default:
      return state;
  }
};

const runOf = (key: string | null): unknown => (key === null ? null : (JSON.parse(key) as unknown[])[0]);

/** Of the same run with another filter or another block the line under the cursor is kept, and its lines until the new ones are there. */
const opened = (state: State, key: string | null): LogState => {
  const { logs } = state;
  const fresh: LogState = { ...freshLogs(logs), key, seek: { to: 'end' } };
  if (key === null || runOf(key) !== runOf(logs.key) || logs.trouble) return fresh;
  const { lines, loaded, total, mark, anchor, left } = logs;
  const kept = { lines, loaded, total, mark, left };
  // The line that was chosen, also where the filter before this one hid it.
  const cursor = logs.follow ? null : (logs.cursor ?? lines[cursorAt(logs)]?.sequence ?? null);
  if (cursor === null) return { ...fresh, ...kept };
  const top = topOf(state);
  const seek = { to: 'line' as const, sequence: cursor, row: cursorAt(logs) - top };
  return { ...fresh, ...kept, seek, cursor, anchor, follow: false, top };
};

const arrived = (
  state: State,
  { older, newer }: { older: Parameters<typeof withWindow>[1]; newer: Parameters<typeof withWindow>[2] },
): LogState => {
  const seek = state.logs.seek!;
  const next = withWindow(state.logs, older, newer);
  if (seek.to === 'end') return { ...next, follow: true, cursor: null };
  if (seek.to === 'start') return { ...next, follow: false, cursor: next.lines[0]?.sequence ?? null, top: 0 };
  const placed = withCursor(next, seek.sequence);
  const row = seek.row ?? paneInner(state, 'logs').height >> 1;
  return { ...placed, top: Math.max(0, cursorAt(placed) - row) };
};

const withAhead = (state: State, logs: LogState): LogState => {
  const { ahead } = logs;
  return ahead === 0 ? logs : moved({ ...state, logs: { ...logs, ahead: 0 } }, ahead);
};

const withCursor = (logs: LogState, cursor: number): LogState => ({ ...logs, cursor, follow: false });

const jumped = (state: State, to: 'top' | 'bottom'): LogState => {
  const { logs } = state;
  if (to === 'top') {
    const first = logs.lines[0]?.sequence ?? null;
    if (logs.atStart) return { ...logs, follow: false, cursor: first, top: 0 };
    return { ...logs, seek: { to: 'start' }, ahead: 0, follow: false, cursor: first };
  }
  if (logs.atEnd) return { ...logs, follow: true, cursor: null };
  return { ...logs, seek: { to: 'end' }, ahead: 0, follow: true, cursor: null };
};

/** The cursor up or down; a page moves what is in view with it. Going beyond the last line follows the log. */
const moved = (state: State, by: number): LogState => {
  const { logs } = state;
  const at = cursorAt(logs);
  const last = logs.lines.length - 1;
  if (last < 0 || (logs.follow && by > 0)) return logs;
  if (at + by > last && logs.atEnd) return { ...logs, follow: true, cursor: null };
  const next = Math.max(0, Math.min(last, at + by));
  const top = Math.max(0, topOf(state) + (Math.abs(by) > 1 ? by : 0));
  const placed = { ...withCursor(logs, logs.lines[next]!.sequence), top };
  return { ...placed, top: topOf({ ...state, logs: placed }) };
};

/** The cursor on a line in the middle of the pane, from what is held or from the store. */
const toLine = (state: State, sequence: number): LogState => {
  const { logs } = state;
  const found = { ...withCursor(logs, sequence), look: null, stopped: null };
  const at = logs.lines.findIndex((line) => line.sequence === sequence);
  if (at === -1) return { ...found, seek: { to: 'line', sequence }, ahead: 0 };
  const half = paneInner(state, 'logs').height >> 1;
  return { ...found, top: topOf({ ...state, logs: { ...found, top: Math.max(0, at - half) } }) };
};

/** Marking begins at the line under the cursor, and stops a log that runs on. */
const anchored = (state: State, isAnchored: boolean): LogState => {
  const { logs } = state;
  const under = logs.lines[cursorAt(logs)]?.sequence;
  if (!isAnchored || under === undefined) return { ...logs, anchor: null };
  return { ...withCursor(logs, under), anchor: under, top: topOf(state) };
};

/** The next error after one that is under the cursor, else the first one. */
const errorFrom = (logs: LogState): LogState => {
  if (isStoppedHere(logs, 'error', 'newer')) return { ...logs, look: lookOf(logs.stopped!) };
  const under = logs.follow ? undefined : logs.lines[cursorAt(logs)];
  const isError = under?.level === 'error';
  return { ...logs, look: { for: 'error', side: 'newer', from: isError ? under.sequence : 0, wrapped: !isError } };
};

const isStoppedHere = ({ stopped, cursor, search }: LogState, what: 'text' | 'error', side: 'older' | 'newer') =>
  stopped?.for === what &&
  stopped.side === side &&
  stopped.cursor === cursor &&
  (what === 'error' || stopped.search === search);

const lookOf = ({ for: what, side, from, wrapped }: StoppedLook) => ({ for: what, side, from, wrapped });

const looked: (state: State, event: Pick<LogLooked, 'sequence' | 'stopped'>) => State = (
  state,
  { sequence, stopped },
) => {
  if (sequence !== null) return { ...state, logs: toLine(state, sequence) };
  const { look, search, cursor, total } = state.logs;
  const isError = look?.for === 'error';
  const what = isError ? 'no error' : JSON.stringify(search);
  const text = stopped
    ? `${what}${isError ? '' : ' is not'} ${stopped.side === 'older' ? 'down' : 'up'} to line ${fullCount(stopped.from)} of ${fullCount(total)}: ${isError ? 'E' : stopped.side === 'older' ? 'N' : 'n'} looks further`
    : `${what}${isError ? '' : ' is not'} in this log`;
  return {
    ...state,
    logs: { ...state.logs, look: null, stopped: stopped ? { ...stopped, cursor, search } : null },
    status: { text, kind: 'warning' },
  };
};

/** The next line with the text among those that are held; else it is looked for beyond them. */
const matchFrom = (state: State, direction: 1 | -1): LogState => {
  const { logs } = state;
  const { lines, search } = logs;
  if (search === '' || lines.length === 0) return logs;
  const side = direction === 1 ? 'newer' : 'older';
  if (isStoppedHere(logs, 'text', side)) return { ...logs, look: lookOf(logs.stopped!) };
  // Of a log that is followed the lines in view are searched too.
  const start = logs.follow ? (direction === 1 ? topOf(state) - 1 : lines.length) : cursorAt(logs);
  for (let index = start + direction; index >= 0 && index < lines.length; index += direction) {
    const { text, sequence } = lines[index]!;
    if (text.toLowerCase().includes(search)) return toLine(state, sequence);
  }
  const from = direction === 1 ? logs.reached : logs.reachedBack;
  return { ...logs, look: { for: 'text', side, from, wrapped: false } };
};
