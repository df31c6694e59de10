import { line, span } from '../../draw/line.ts';
import { displayText, graphemes, sliceColumns, textWidth } from '../../draw/text-width.ts';
import type { Theme } from '../../draw/theme.ts';
import type { EditedText } from '../state/line-edit.ts';

/** What is being typed, with the cursor as an inverse cell; scrolls so that the cursor stays in sight. */
export const typedLines = (
  { text, at }: EditedText,
  { width, height }: { width: number; height: number },
  theme: Theme,
): string[] => {
  const rows = text.split('\n');
  const before = text.slice(0, at).split('\n');
  const cursorRow = before.length - 1;
  const first = Math.max(0, Math.min(cursorRow - height + 1, rows.length - height));
  return rows.slice(first, first + height).map((row, index) => {
    if (first + index !== cursorRow) return line([span(` ${displayText(row)}`)], width, theme);
    const left = displayText(before.at(-1)!);
    const rest = row.slice(before.at(-1)!.length);
    const under = graphemes(displayText(rest))[0] ?? ' ';
    const room = width - 3;
    const from = Math.max(0, textWidth(left) - room);
    return line(
      [
        span(` ${sliceColumns(left, from, room)}`),
        span(under, 'selected'),
        span(displayText(rest).slice(under === ' ' && rest === '' ? 0 : under.length)),
      ],
      width,
      theme,
    );
  });
};
