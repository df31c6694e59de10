import { edgeLine, line, type Span, spansWidth } from './line.ts';
import type { Theme } from './theme.ts';

/** One row of a list: `left` gives way to `right` where they do not fit. */
export type ListRow = { left: readonly Span[]; right?: readonly Span[] };

type ListViewport = { width: number; height: number; top: number; cursor: number | null; focused: boolean };

/** The rows in view; the cursor's row is inverse while the pane has the keys, underlined while it has not. */
export const drawList = (rows: readonly ListRow[], viewport: ListViewport, theme: Theme): string[] => {
  const { width, height, top, cursor, focused } = viewport;
  return rows.slice(top, top + height).map(({ left, right = [] }, index) => {
    const under = top + index === cursor ? (focused ? 'selected' : 'selectedIdle') : undefined;
    if (under) return line(joined(left, right, width), width, theme, under);
    return edgeLine(left, right, width, theme);
  });
};

const joined = (left: readonly Span[], right: readonly Span[], width: number): Span[] => {
  const room = width - spansWidth(right);
  const gap = room - spansWidth(left);
  return gap >= 0 ? [...left, { text: ' '.repeat(gap) }, ...right] : [...left];
};
