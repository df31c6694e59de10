import { line, span } from './line.ts';
import { displayText, sliceColumns } from './text-width.ts';
import type { Theme } from './theme.ts';

type CodeViewport = { width: number; height: number; top: number; left: number; marked: number | null };

/** Source lines with their numbers; `marked` (1-based) is the line that matters. */
export const drawCode = (lines: readonly string[], viewport: CodeViewport, theme: Theme): string[] => {
  const { width, height, top, left, marked } = viewport;
  const numberWidth = Math.max(3, String(lines.length).length);
  return lines.slice(top, top + height).map((text, index) => {
    const number = top + index + 1;
    const isMarked = number === marked;
    const pointer = isMarked ? theme.glyphs.pointer : ' ';
    const shown = sliceColumns(displayText(text), left, Math.max(0, width - numberWidth - 4));
    return line(
      [
        span(`${pointer}${String(number).padStart(numberWidth)} `, isMarked ? 'error' : 'muted'),
        span(` ${shown}`, isMarked ? 'strong' : undefined),
      ],
      width,
      theme,
    );
  });
};
