import { type Span, span } from '../line.ts';
import { fitted, textWidth } from '../text-width.ts';
import type { Theme } from '../theme.ts';
import { short } from './draw-chart.ts';

const plotHeight = 8;

/** Values from left to right as columns of eighths, the scale at the left, the ends of the axis below. */
export const plotLines = (
  values: readonly (number | null)[],
  [from, to]: [string, string],
  width: number,
  theme: Theme,
): Span[][] => {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return [[span(' no values', 'muted')]];
  const most = Math.max(0, ...known);
  const least = Math.min(0, ...known);
  const scale = [short(most), short(least)];
  const scaleWidth = Math.max(...scale.map(textWidth));
  const room = Math.max(4, width - scaleWidth - 3);
  const columns = resampled(values, room);
  const steps = [...theme.glyphs.bars];
  const range = most - least || 1;
  const rows = Array.from({ length: plotHeight }, (_, row) => {
    const bottom = plotHeight - 1 - row;
    const drawn = columns.map((value) => {
      const eighths = value === null ? 0 : Math.round(((value - least) / range) * plotHeight * 8) - bottom * 8;
      return steps[Math.max(0, Math.min(8, eighths))]!;
    });
    const label = row === 0 ? scale[0]! : bottom === 0 ? scale[1]! : '';
    return [span(` ${fitted(label, scaleWidth, 'right')} `, 'muted'), span(drawn.join(''), 'info')];
  });
  const axis = ' '.repeat(Math.max(1, columns.length - textWidth(from) - textWidth(to)));
  return [...rows, [span(' '.repeat(scaleWidth + 2)), span(from + axis + to, 'muted')]];
};

/** One value a column: of several the largest, of few each as wide as there is room. */
const resampled = (values: readonly (number | null)[], room: number): (number | null)[] => {
  if (values.length <= room) {
    const wide = Math.max(1, Math.min(6, Math.floor(room / values.length)));
    return values.flatMap((value) => new Array<number | null>(wide).fill(value));
  }
  return Array.from({ length: room }, (_, column) => {
    const part = values
      .slice(Math.floor((column * values.length) / room), Math.floor(((column + 1) * values.length) / room))
      .filter((value) => value !== null);
    return part.length === 0 ? null : Math.max(...part);
  });
};
