import type { ColumnProfile } from '../model/profile.ts';
import { line, type Span, span } from './line.ts';
import { fullCount } from './numbers.ts';
import { displayText, fitted, textWidth } from './text-width.ts';
import type { Theme } from './theme.ts';

type ProfileViewport = { width: number; height: number; bar: number };

/** A column's facts in a line, then its bars, one of them selected, and the values that come most. */
export const drawProfile = (
  profile: ColumnProfile,
  { width, height, bar }: ProfileViewport,
  theme: Theme,
): string[] => {
  const room = Math.max(0, height - 1);
  const first = Math.max(0, Math.min(bar - (room >> 1), profile.bars.length - room));
  const bars = profile.bars.slice(first, first + room);
  const most = Math.max(1, ...profile.bars.map(({ count }) => count));
  const total = Math.max(1, profile.rows);
  const labelWidth = Math.min(28, Math.max(4, ...bars.map(({ label }) => textWidth(displayText(label)))));
  const counts = bars.map(({ count }) => `${fullCount(count)} (${percent(count / total)})`);
  const countWidth = Math.max(0, ...counts.map(textWidth));
  const barRoom = Math.max(1, Math.min(60, width - labelWidth - countWidth - 5));
  const top = topText(profile);
  const rows = bars.map(({ label, count }, index) => {
    const full = count === 0 ? 0 : Math.max(1, Math.round((count / most) * barRoom));
    const selected = first + index === bar;
    const spans: Span[] = [
      span(
        ` ${fitted(displayText(label), labelWidth, 'left', theme.glyphs.ellipsis)} `,
        selected ? 'selected' : 'muted',
      ),
      span(theme.glyphs.fullBar.repeat(full), 'info'),
      span(` ${counts[index]}`),
    ];
    const used = spans.reduce((sum, { text }) => sum + textWidth(text), 0);
    const isLast = index === bars.length - 1;
    if (isLast && top !== '' && used + textWidth(top) + 3 <= width) {
      spans.push(span(' '.repeat(width - used - textWidth(top) - 1)), span(top, 'muted'));
    }
    return line(spans, width, theme);
  });
  return [line([span(` ${factsText(profile)}`)], width, theme), ...rows];
};

const factsText = (profile: ColumnProfile): string => {
  const { type, rows, nulls, distinct, approximate, sampled, min, max, mean, quantiles } = profile;
  const about = approximate || sampled ? '~' : '';
  return [
    type,
    ...(sampled ? [`sample of ${fullCount(rows)} rows`] : []),
    `${fullCount(nulls)} NULL`,
    `${about}${fullCount(distinct)} distinct`,
    ...(min === null ? [] : [`min ${short(min)}`]),
    ...quantiles.filter(({ p }) => p === 0.5 || p === 0.95).map(({ p, value }) => `p${p * 100} ${value}`),
    ...(max === null ? [] : [`max ${short(max)}`]),
    ...(mean === null ? [] : [`mean ${Number(mean.toPrecision(5))}`]),
  ].join(' · ');
};

const short = (text: string): string => displayText(text.slice(0, 30));

const topText = ({ top, bars }: ColumnProfile): string => {
  const asBars = top.every(({ value }) => bars.some(({ label }) => label === String(value)));
  if (top.length === 0 || asBars) return '';
  return `top ${top
    .slice(0, 3)
    .map(({ value, count }) => `${short(String(value))} (${fullCount(count)})`)
    .join('  ')}`;
};

const percent = (share: number): string => (share > 0 && share < 0.01 ? '<1 %' : `${Math.round(share * 100)} %`);
