import { rowCount } from '../../../draw/log.ts';
import { createTheme } from '../../../draw/theme.ts';
import { paneInner } from '../../view/pane-size.ts';
import type { Reducer } from '../event.ts';
import { logLook } from '../log-look.ts';
import { freshLogs, type LogState } from '../log-state.ts';
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
      return { ...state, logs: withPage(logs, event.side, event.page) };
    case 'logSought':
      return event.seek === logs.seek ? { ...state, logs: arrived(state, event) } : state;
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
      return event.look === logs.look ? looked(state, event.sequence) : state;
    case 'logScrolled':
      return { ...state, logs: scrollTo(state, topOf(state) + event.by) };
    case 'logJumped':
      return { ...state, logs: jumped(state, event.to) };
    case 'logShifted':
      return withLogs({ left: Math.max(0, logs.left + event.by) });
    case 'logFollowed':
      return event.follow
        ? { ...state, logs: jumped(state, 'bottom') }
        : withLogs({ follow: false, top: topOf(state) });
    case 'logScopeToggled':
      return withLogs({ scope: logs.scope === 'run' ? 'block' : 'run' });
    case 'logMatched':
      return { ...state, logs: matchFrom(state, event.direction) };
    case 'logErrorWanted':
      return withLogs({ look: { for: 'error', side: 'newer', from: logs.match ?? 0, wrapped: logs.match === null } });
    case 'logShown':
      return withLogs({ ...event.change, top: topOf(state) });
    case 'logMarked':
      return withLogs({ mark: logs.lines.at(lastInView(state))?.sequence ?? null });
    case 'logMarkSought':
      return logs.mark === null ? state : { ...state, logs: toLine(state, logs.mark, logs.match) };
    default:
      return state;
  }
};

const plain = createTheme({ name: 'mono', ascii: true });

/** First line in view: the end of the log while it follows. */
export const topOf = (state: State): number => {
  const { follow, top } = state.logs;
  const last = lastTop(state);
  return follow ? last : Math.min(top, last);
};

/** From here the rest of what is held fits the pane. */
const lastTop = (state: State): number => {
  const { lines, wrap, mark } = state.logs;
  const { width, height } = paneInner(state, 'logs');
  if (!wrap && mark === null) return Math.max(0, lines.length - height);
  const look = logLook(state, width);
  let room = height;
  let top = lines.length;
  while (top > 0 && room > 0) {
    room -= rowCount(lines[top - 1]!, look, plain);
    if (room >= 0 || top === lines.length) top -= 1;
  }
  return top;
};

const lastInView = (state: State): number =>
  Math.min(state.logs.lines.length, topOf(state) + paneInner(state, 'logs').height) - 1;

const runOf = (key: string | null): unknown => (key === null ? null : (JSON.parse(key) as unknown[])[0]);

/** Of the same run with another filter or another block the place in time is kept, and its lines until the new ones are there. */
const opened = (state: State, key: string | null): LogState => {
  const { logs } = state;
  const fresh: LogState = { ...freshLogs(logs), key, seek: { to: 'end' } };
  if (key === null || runOf(key) !== runOf(logs.key) || logs.trouble) return fresh;
  const { lines, loaded, total, mark, match, left } = logs;
  const place = logs.follow ? undefined : lines[topOf(state)]?.sequence;
  const seek = place === undefined ? fresh.seek : { to: 'line' as const, sequence: place };
  return { ...fresh, lines, loaded, total, mark, match, left, seek, follow: place === undefined, top: logs.top };
};

const arrived = (state: State, { older, newer }: Parameters<typeof windowOf>[1]): LogState => {
  const seek = state.logs.seek!;
  const next = windowOf(state.logs, { older, newer });
  if (seek.to !== 'line') return { ...next, follow: seek.to === 'end' };
  const half = state.logs.match === seek.sequence ? paneInner(state, 'logs').height >> 1 : 0;
  return { ...scrollTo({ ...state, logs: next }, next.top - half), follow: false };
};

const windowOf = (
  logs: LogState,
  { older, newer }: { older: Parameters<typeof withWindow>[1]; newer: Parameters<typeof withWindow>[2] },
): LogState => withWindow(logs, older, newer);

const jumped = (state: State, to: 'top' | 'bottom'): LogState => {
  const { logs } = state;
  if (to === 'top') return logs.atStart ? scrollTo(state, 0) : { ...logs, seek: { to: 'start' }, follow: false };
  if (logs.atEnd) return { ...logs, follow: true };
  return { ...logs, seek: { to: 'end' }, follow: true };
};

/** Scrolling up stops following; reaching the end of the log goes on with it. */
const scrollTo = (state: State, wanted: number): LogState => {
  const { logs } = state;
  const last = lastTop(state);
  const top = Math.max(0, Math.min(last, wanted));
  return { ...logs, top, follow: top >= last && logs.atEnd };
};

/** A line in the middle of the pane, from what is held or from the store. */
const toLine = (state: State, sequence: number, match: number | null): LogState => {
  const { logs } = state;
  const at = logs.lines.findIndex((line) => line.sequence === sequence);
  if (at === -1) return { ...logs, match, follow: false, look: null, seek: { to: 'line', sequence } };
  const half = paneInner(state, 'logs').height >> 1;
  return { ...scrollTo(state, at - half), match, follow: false, look: null };
};

const looked = (state: State, sequence: number | null): State => {
  if (sequence !== null) return { ...state, logs: toLine(state, sequence, sequence) };
  const { look, search } = state.logs;
  const text = look?.for === 'error' ? 'no error in this log' : `${JSON.stringify(search)} is not in this log`;
  return { ...state, logs: { ...state.logs, look: null, match: null }, status: { text, kind: 'warning' } };
};

/** The next line with the text among those that are held; else it is looked for beyond them. */
const matchFrom = (state: State, direction: 1 | -1): LogState => {
  const { logs } = state;
  const { lines, search } = logs;
  if (search === '' || lines.length === 0) return logs;
  const top = topOf(state);
  const at = lines.findIndex(({ sequence }) => sequence === logs.match);
  const start = at !== -1 ? at : direction === 1 ? top - 1 : lastInView(state) + 1;
  for (let index = start + direction; index >= 0 && index < lines.length; index += direction) {
    const { text, sequence } = lines[index]!;
    if (text.toLowerCase().includes(search)) return toLine(state, sequence, sequence);
  }
  const side = direction === 1 ? 'newer' : 'older';
  const from = direction === 1 ? logs.reached : lines[0]!.sequence;
  return { ...logs, look: { for: 'text', side, from, wrapped: false } };
};
