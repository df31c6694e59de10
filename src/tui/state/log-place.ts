import { rowCount } from '../../draw/log.ts';
import { createTheme } from '../../draw/theme.ts';
import { paneInner } from '../view/pane-size.ts';
import { logLook } from './log-look.ts';
import type { LogState } from './log-state.ts';
import type { State } from './state.ts';

/** Rows of lines are counted the same in every theme. */
const plain = createTheme({ name: 'mono', ascii: true });

/** Index of the line under the cursor: the last one while the log is followed; where a filter hides its line the next one. */
export const cursorAt = ({ lines, follow, cursor }: LogState): number => {
  const last = lines.length - 1;
  return follow || cursor === null ? last : Math.min(last, indexFrom(lines, cursor));
};

/** Index of the first line held whose sequence is not below this one; as many as there are lines where all are. */
export const indexFrom = (lines: LogState['lines'], sequence: number): number => {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]!.sequence < sequence) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** First and last sequence of the marked lines; null where none are. */
export const markedLines = (logs: LogState): { first: number; last: number } | null => {
  const { anchor } = logs;
  const under = logs.lines[cursorAt(logs)]?.sequence;
  if (anchor === null || under === undefined) return null;
  return { first: Math.min(anchor, under), last: Math.max(anchor, under) };
};

/** Index of the first line in view: the end of the log while it is followed, else so that the cursor is in view. */
export const topOf = (state: State): number => {
  const { follow, top } = state.logs;
  const last = topUnder(state, state.logs.lines.length - 1);
  if (follow) return last;
  const at = cursorAt(state.logs);
  return Math.max(Math.min(top, last, at), topUnder(state, at));
};

/** The line that is first in view when this one is the last. */
const topUnder = (state: State, bottom: number): number => {
  const { lines, wrap, mark } = state.logs;
  const { width, height } = paneInner(state, 'logs');
  if (!wrap && mark === null) return Math.max(0, bottom - height + 1);
  const look = logLook(state, width);
  let room = height;
  let top = bottom + 1;
  while (top > 0 && room > 0) {
    room -= rowCount(lines[top - 1]!, look, plain);
    if (room >= 0 || top === bottom + 1) top -= 1;
  }
  return Math.max(0, top);
};
