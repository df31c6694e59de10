import { visibleText } from '../draw/visible-text.ts';
import type { ColumnProfile } from '../model/profile.ts';
import { formatCount } from './format.ts';

const barWidth = 40;

/** A column's profile as lines: facts, quantiles, bars, and the values that come most. */
export const profileText = (profile: ColumnProfile): string => {
  const { name, type, rows, nulls, distinct, approximate, sampled, min, max, mean, quantiles, top, bars } = profile;
  const facts = [
    type,
    `${sampled ? 'sample of ' : ''}${formatCount(rows)} rows`,
    `${formatCount(nulls)} NULL`,
    `${approximate ? 'about ' : ''}${formatCount(distinct)} distinct`,
    ...(min === null ? [] : [`min ${min}`]),
    ...quantiles.map(({ p, value }) => `p${Math.round(p * 100)} ${value}`),
    ...(max === null ? [] : [`max ${max}`]),
    ...(mean === null ? [] : [`mean ${Number(mean.toPrecision(6))}`]),
  ];
  const labels = Math.max(0, ...bars.map(({ label }) => visibleText(label).length));
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const lines = [
    visibleText(name),
    `  ${facts.map(visibleText).join(' · ')}`,
    ...bars.map(({ label, count }) => {
      const bar = '█'.repeat(Math.ceil((count / most) * barWidth));
      return `  ${visibleText(label).padEnd(labels)}  ${bar} ${formatCount(count)}`;
    }),
    ...(top.length > 0 && bars.some(({ label }) => !top.some(({ value }) => String(value) === label))
      ? [
          `  top ${top
            .slice(0, 5)
            .map(({ value, count }) => `${visibleText(String(value))} (${formatCount(count)})`)
            .join('  ')}`,
        ]
      : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
};
