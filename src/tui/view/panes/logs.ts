import type { Note } from '../../../draw/frame.ts';
import { drawLog } from '../../../draw/log.ts';
import { fullCount } from '../../../draw/numbers.ts';
import { displayText } from '../../../draw/text-width.ts';
import type { Theme } from '../../../draw/theme.ts';
import { logLook } from '../../state/log-look.ts';
import { cursorAt, indexFrom, markedLines, topOf } from '../../state/log-place.ts';
import { blockRun, missingWorker } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import type { PaneContent, PaneSize } from './lists.ts';
import { type Message, messageLines } from './message.ts';
import { noted, tabTitle } from './tabs.ts';

/** The log of the run or of the selected block: the lines of the window that are in view. */
export const logsPane = (state: State, { width, height }: PaneSize, theme: Theme): PaneContent => {
  const { logs } = state;
  const title = tabTitle(state, theme);
  const note = notes(state);
  if (logs.lines.length === 0) return { title, note, lines: messageLines(emptyLog(state), width, theme) };
  const marked = markedLines(logs);
  const bottom = logs.follow && (logs.wrap || logs.mark !== null);
  const viewport = {
    ...logLook(state, width),
    height,
    top: bottom ? Math.max(0, logs.lines.length - height) : topOf(state),
    cursor: logs.follow && !marked ? null : cursorAt(logs),
    marked: marked && { from: indexFrom(logs.lines, marked.first), to: indexFrom(logs.lines, marked.last + 1) - 1 },
    bottom,
  };
  return { title, note, lines: drawLog(logs.lines, viewport, theme) };
};

const notes = (state: State): Note[] => {
  const { logs } = state;
  const whose = logs.scope === 'run' ? (state.runId ? `run ${state.runId}` : '') : displayText(state.block ?? '');
  return [
    noted(whose, 2),
    noted(logs.level === 'debug' ? '' : `${logs.level}+`, 4),
    noted(logs.filter === '' ? '' : `&${displayText(logs.filter)}`, 5),
    noted(logs.search === '' ? '' : `/${displayText(logs.search)}`, 4),
    noted(placeText(state), 3),
  ];
};

/** Where the window stands in the log: by number in that of a run, by share where only some lines are shown. */
const placeText = (state: State): string => {
  const { logs } = state;
  if (logs.seek || logs.look) return 'looking';
  if (logs.lines.length === 0) return '';
  if (logs.follow) return 'follow';
  const { sequence } = logs.lines[cursorAt(logs)]!;
  const whole = logs.scope === 'run' && logs.filter === '' && logs.level === 'debug';
  if (whole) return `line ${fullCount(sequence)} of ${fullCount(Math.max(logs.total, sequence))}, L follows`;
  return `${Math.min(100, Math.floor((100 * sequence) / Math.max(1, logs.total)))} %, L follows`;
};

const emptyLog = (state: State): Message => {
  const { trouble } = state.logs;
  if (trouble) return { text: trouble.message, fix: trouble.fix, kind: 'error' };
  if (state.runId === null) return withoutRun(state);
  return { text: quietLog(state) };
};

/** No run is shown: there is none, or nobody could say so far. */
const withoutRun = (state: State): Message => {
  if (state.trouble && state.instance) return { text: state.trouble.message, fix: state.trouble.fix, kind: 'error' };
  const { database, message } = state.connection;
  if (database === 'down') return { text: message ?? 'The database is down.', kind: 'error' };
  if (!state.pipeline) return { text: 'Choose a pipeline in the tree: 1, then enter.' };
  if (!state.runsLoaded) return { text: 'Waiting for the database.' };
  return { text: 'Nothing has run yet: press r to run this pipeline.' };
};

const quietLog = (state: State): string => {
  if (!state.logs.loaded) return 'Reading the log.';
  if (!state.logs.atStart)
    return `No line passes the filter down to line ${fullCount(state.logs.reachedBack)}; looking further.`;
  if (state.logs.filter !== '' || state.logs.level !== 'debug')
    return 'No line passes the filter: esc takes it away, V shows all levels.';
  const waiting = blockRun(state, state.block);
  const missing = waiting && missingWorker(waiting);
  if (missing) return `${displayText(waiting.uuid)} ${missing}. wand worker --tag starts one.`;
  return state.logs.scope === 'block'
    ? `${displayText(state.block ?? '')} has written nothing.`
    : 'Nothing has been written yet.';
};
