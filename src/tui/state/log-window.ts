import type { LogPage } from '../../model/run.ts';
import type { LogState } from './log-state.ts';

/** Lines of one question, and the most that are held. */
export const pageLines = 500;
export const mostLines = 3_000;
/** So near an end of what is held the next page is asked for. */
const nearEnd = 200;

/** The side on which lines are missing round the place that is read, or to fill the pane. */
export const wantedSide = (logs: LogState, height: number): 'older' | 'newer' | null => {
  const { lines, loaded, seek, trouble, top, atStart, atEnd, follow } = logs;
  if (!loaded || seek || trouble) return null;
  // A filter may have let so few through before the search for more was given up that the pane is not full.
  if (!atStart && (follow ? lines.length < height : top < nearEnd)) return 'older';
  return !atEnd && !follow && top + height > lines.length - nearEnd ? 'newer' : null;
};

/** A page more at one side; at the other as many lines are let go as are too many. */
export const withPage = (logs: LogState, side: 'older' | 'newer', page: LogPage): LogState => {
  const { lines, top, atStart, atEnd, reached, reachedBack } = logs;
  const { total } = page;
  if (side === 'older') {
    const all = [...page.lines, ...lines];
    const kept = all.slice(0, mostLines);
    const cut = all.length > kept.length;
    return {
      ...logs,
      lines: kept,
      total,
      top: top + page.lines.length,
      atStart: page.end,
      atEnd: atEnd && !cut,
      reached: cut ? kept.at(-1)!.sequence : reached,
      reachedBack: Math.min(reachedBack, page.reached),
    };
  }
  const all = [...lines, ...page.lines];
  const cut = Math.max(0, all.length - mostLines);
  return {
    ...logs,
    lines: cut > 0 ? all.slice(cut) : all,
    total,
    top: Math.max(0, top - cut),
    atStart: atStart && cut === 0,
    atEnd: page.end,
    reached: Math.max(reached, page.reached),
    reachedBack: cut > 0 ? all[cut]!.sequence : reachedBack,
  };
};

/** The window somewhere else. `top` is the index of the line to begin with. */
export const withWindow = (logs: LogState, older: LogPage | null, newer: LogPage | null): LogState => {
  const lines = [...(older?.lines ?? []), ...(newer?.lines ?? [])];
  const reached = newer?.reached ?? Math.max(lines.at(-1)?.sequence ?? 0, older?.total ?? 0);
  return {
    ...logs,
    lines,
    loaded: true,
    seek: null,
    trouble: null,
    total: newer?.total ?? older?.total ?? 0,
    atStart: older?.end ?? true,
    atEnd: newer?.end ?? true,
    reached,
    reachedBack: older?.reached ?? lines[0]?.sequence ?? reached,
    top: older && newer ? older.lines.length : 0,
  };
};
