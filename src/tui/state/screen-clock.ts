import { agoChangesIn } from '../../draw/numbers.ts';
import type { Run } from '../../model/run.ts';
import { isActive, shownRun } from './select.ts';
import type { State } from './state.ts';

/**
 * Milliseconds from `now` until a time on the screen reads differently: the next full second while something runs, else when the
 * youngest age of a run goes up a step; null without any run. An idle screen so wakes once a minute at most, and its ages stay true.
 */
export const nextTick = (state: State, now: number): number | null => {
  const shown = shownRun(state);
  const runs = [...state.runs, ...state.latest.values(), ...(shown ? [shown] : [])];
  if (runs.some(isActive)) return 1_000 - (now % 1_000);
  const waits = runs.flatMap(agedFrom).map((time) => agoChangesIn(now - time));
  return waits.length === 0 ? null : Math.max(1_000, Math.min(...waits));
};

/** The moments from which the ages of a run are counted, as the lists and the header show them. */
const agedFrom = ({ startedAt, createdAt, finishedAt }: Run): number[] =>
  [startedAt ?? createdAt, finishedAt].flatMap((time) => (time ? [Date.parse(time)] : [])).filter(Number.isFinite);
