import { span } from '../../../draw/line.ts';
import { drawList } from '../../../draw/list.ts';
import { timeOfDay } from '../../../draw/log.ts';
import { displayText } from '../../../draw/text-width.ts';
import type { Theme } from '../../../draw/theme.ts';
import { followCursor } from '../../../draw/window.ts';
import type { State } from '../../state/state.ts';
import type { DialogContent } from './content.ts';

/** What was done, newest first, each as the command line that does the same. */
export const commandsContent = (
  { command, now }: State,
  cursor: number,
  width: number,
  height: number,
  theme: Theme,
): DialogContent => {
  const rows = command.log.toReversed().map(({ time, title, line }) => ({
    left: [span(` ${when(time, now)} `, 'muted'), span(displayText(line))],
    right: [span(` ${displayText(title)} `, 'muted')],
  }));
  const top = followCursor(0, height, cursor, rows.length);
  return {
    title: [span('command log', 'title')],
    note: [span('y copies, esc closes', 'muted')],
    lines: drawList(rows, { width, height, top, cursor, focused: true }, theme),
  };
};

/** The time of day; of another day its date. */
const when = (time: number, now: number): string => {
  const iso = new Date(time).toISOString();
  return now - time < 12 * 3_600_000 ? timeOfDay(iso).slice(0, 8) : iso.slice(2, 10);
};
