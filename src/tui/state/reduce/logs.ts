import { paneInner } from '../../view/pane-size.ts';
import type { Reducer } from '../event.ts';
import { emptyLogs, type LogState, type State } from '../state.ts';

/** Lines kept in memory; older ones are dropped and said to be missing. */
export const mostLines = 10_000;

/** The log pane: its lines, where it stands, what it looks for. */
export const reduceLogs: Reducer = (state, event) => {
  const { logs } = state;
  switch (event.type) {
    case 'logOpened': {
      const { search, scope } = logs;
      return { ...state, logs: { ...emptyLogs, search, scope, key: event.key } };
    }
    case 'logLoaded':
      return event.key === logs.key ? { ...state, logs: withLines(logs, event) } : state;
    case 'logScrolled':
      return { ...state, logs: scrollTo(state, topOf(state) + event.by) };
    case 'logJumped':
      return { ...state, logs: scrollTo(state, event.to === 'top' ? 0 : Number.MAX_SAFE_INTEGER) };
    case 'logShifted':
      return { ...state, logs: { ...logs, left: Math.max(0, logs.left + event.by) } };
    case 'logFollowed':
      return { ...state, logs: { ...logs, follow: event.follow, top: topOf(state) } };
    case 'logScopeToggled':
      return { ...state, logs: { ...logs, scope: logs.scope === 'run' ? 'block' : 'run' } };
    case 'logMatched':
      return { ...state, logs: matchFrom(state, event.direction) };
    default:
      return state;
  }
};

/** First line in view: the end of the log while it follows. */
export const topOf = (state: State): number => {
  const { follow, top, lines } = state.logs;
  const last = Math.max(0, lines.length - paneInner(state, 'logs').height);
  return follow ? last : Math.min(top, last);
};

const withLines = (
  logs: LogState,
  { lines, first, cut }: { lines: LogState['lines']; first: boolean; cut: boolean },
): LogState => {
  if (lines.length === 0) return logs.loaded ? logs : { ...logs, loaded: true };
  const all = first ? [...lines] : [...logs.lines, ...lines];
  const dropped = Math.max(0, all.length - mostLines);
  const kept = dropped > 0 ? all.slice(dropped) : all;
  return {
    ...logs,
    lines: kept,
    lastSequence: kept.at(-1)!.sequence,
    loaded: true,
    cut: logs.cut || cut || dropped > 0,
    top: Math.max(0, logs.top - dropped),
    match: logs.match === null ? null : logs.match - dropped,
  };
};

/** Scrolling up stops following; reaching the end goes on with it. */
const scrollTo = (state: State, wanted: number): LogState => {
  const { logs } = state;
  const last = Math.max(0, logs.lines.length - paneInner(state, 'logs').height);
  const top = Math.max(0, Math.min(last, wanted));
  return { ...logs, top, follow: top >= last };
};

const matchFrom = (state: State, direction: 1 | -1): LogState => {
  const { logs } = state;
  const { lines, search } = logs;
  if (search === '' || lines.length === 0) return logs;
  const start = logs.match ?? (direction === 1 ? topOf(state) - 1 : topOf(state) + paneInner(state, 'logs').height);
  for (let step = 1; step <= lines.length; step++) {
    const index = (((start + direction * step) % lines.length) + lines.length) % lines.length;
    if (!lines[index]!.text.toLowerCase().includes(search)) continue;
    const height = paneInner(state, 'logs').height;
    return { ...scrollTo(state, index - (height >> 1)), match: index, follow: false };
  }
  return { ...logs, match: null };
};
