import { span } from '../../../draw/line.ts';
import { drawList } from '../../../draw/list.ts';
import { timeOfDay } from '../../../draw/log.ts';
import { displayText, fitted } from '../../../draw/text-width.ts';
import type { Theme } from '../../../draw/theme.ts';
import { followCursor } from '../../../draw/window.ts';
import type { State } from '../../state/state.ts';
import type { DialogContent } from './content.ts';

/** Other runs that failed in the same way, newest first: when, at which line, with which message. */
export const similarContent = (
  { failure, block }: State,
  cursor: number,
  width: number,
  height: number,
  theme: Theme,
): DialogContent => {
  const rows = failure.similar.map(({ runId, time, attempt, message, line }) => ({
    left: [
      span(` ${fitted(`run ${displayText(runId)}`, 10)} `, 'strong'),
      span(`${time === null ? '' : `${time.slice(0, 10)} ${timeOfDay(time).slice(0, 8)}`}  `, 'muted'),
      span(displayText(message.split('\n')[0]!), 'error'),
    ],
    right: [span(` ${line === null ? '' : `line ${line}, `}attempt ${attempt} `, 'muted')],
  }));
  const top = followCursor(0, height, cursor, rows.length);
  return {
    title: [span(`the same failure of ${displayText(block ?? '')}`, 'title')],
    note: [span('enter goes there, esc closes', 'muted')],
    lines: drawList(rows, { width, height, top, cursor, focused: true }, theme),
  };
};
