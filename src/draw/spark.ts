import type { ColumnProfile } from '../model/profile.ts';
import type { Theme } from './theme.ts';

/** A column's distribution in a few characters, with the share of NULL where there are some: `█▄▁▁ 7 % ∅`. */
export const sparkOf = (profile: ColumnProfile, width: number, { glyphs }: Theme): string => {
  const { bars, rows, nulls } = profile;
  const share = rows > 0 && nulls > 0 ? Math.max(1, Math.round((nulls / rows) * 100)) : 0;
  const text = share > 0 ? `${share} % ${glyphs.null}` : '';
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const steps = [...glyphs.bars];
  const height = (count: number): string => steps[count === 0 ? 0 : Math.max(1, Math.round((count / most) * 8))]!;
  const drawn = bars
    .slice(0, width)
    .map(({ count }) => height(count))
    .join('');
  if (text === '' || drawn.length + 1 + text.length > width) return text.length <= width && drawn === '' ? text : drawn;
  return drawn === '' ? text : `${drawn} ${text}`;
};
