import { clock, duration } from '../../../draw/numbers.ts';
import type { Theme } from '../../../draw/theme.ts';
import { drawTimeline } from '../../../draw/timeline.ts';
import { windowTop } from '../../../draw/window.ts';
import type { Run } from '../../../model/run.ts';
import { shownPast, timeLeft } from '../../state/past-state.ts';
import type { State } from '../../state/state.ts';
import { timelineOf } from '../../state/timeline-rows.ts';
import type { PaneContent, PaneSize } from './lists.ts';
import { messageLines } from './message.ts';
import { noted, tabTitle } from './tabs.ts';

const lastRuns = 20;

/** The run in time: one row a block, its attempts, what it waited for, what made the run as long as it was. */
export const timePane = (state: State, { width, height, focused }: PaneSize, theme: Theme): PaneContent => {
  const title = tabTitle(state, theme);
  const timeline = timelineOf(state);
  if (!timeline || timeline.rows.every(({ bars }) => bars.length === 0))
    return { title, note: [], lines: messageLines({ text: 'No block of this run has started.' }, width, theme) };
  const { rows, from, to, critical, workers } = timeline;
  const usual = shownPast(state)?.usual.run ?? null;
  const left = timeLeft(state);
  const note = [
    noted(workers > 0 ? `${workers} worker${workers === 1 ? '' : 's'}` : '', 0),
    noted(`critical path ${duration(critical)}`, 3),
    noted(usual === null ? '' : `usual ${clock(usual)}`, 2),
    noted(left === null ? '' : `about ${clock(left)} left`, 4),
  ];
  const at = Math.max(
    0,
    rows.findIndex(({ id }) => id === state.block),
  );
  const viewport = {
    width,
    height,
    top: windowTop(rows.length, Math.max(1, height - 2), at),
    selected: state.block,
    focused,
    from,
    to,
    last: durationsOf(state),
  };
  return { title, note, lines: drawTimeline(rows, viewport, theme) };
};

/** Of the last runs that have ended, oldest first. */
const durationsOf = ({ runs }: State): (number | null)[] =>
  runs
    .filter(({ finishedAt }) => finishedAt !== null)
    .slice(0, lastRuns)
    .map(tookOf)
    .reverse();

const tookOf = ({ status, startedAt, finishedAt }: Run): number | null =>
  status === 'completed' && startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : null;
