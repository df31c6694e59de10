import type { ProfileBar } from '../model/profile.ts';

/** Bars of a histogram. */
export const barCount = 8;

/** Equal steps of a round width from below `low` to above `high`; the first and the last bar take what lies outside. */
export type Steps = { start: number; width: number; count: number };

export const stepsBetween = (low: number, high: number, whole: boolean): Steps => {
  const raw = (high - low) / barCount || 1;
  const width = whole ? Math.max(1, Math.ceil(roundStep(raw))) : roundStep(raw);
  const start = Math.floor(low / width) * width;
  const count = Math.max(1, Math.min(barCount + 2, Math.floor((high - start) / width) + 1));
  return { start, width, count };
};

/** 1, 2, 2.5 or 5 times a power of ten, not below `raw`. */
const roundStep = (raw: number): number => {
  const power = 10 ** Math.floor(Math.log10(raw));
  const digit = [1, 2, 2.5, 5, 10].find((candidate) => raw <= candidate * power * 1.000001) ?? 10;
  return digit * power;
};

/** The bars of a number: `column` and the edges are SQL that both databases read. */
export const numberBars = (column: string, steps: Steps, counts: ReadonlyMap<number, number>): ProfileBar[] =>
  barsOf(column, steps, counts, numberText, numberText);

/** The bars of a time, whose edges are seconds since 1970. */
export const timeBars = (
  column: string,
  type: string,
  steps: Steps,
  counts: ReadonlyMap<number, number>,
): ProfileBar[] => {
  const day = steps.width % 86_400 === 0;
  const text = (edge: number): string => {
    const iso = new Date(edge * 1000).toISOString();
    return day || type === 'date' ? iso.slice(0, 10) : iso.slice(0, 19).replace('T', ' ');
  };
  const zone = type === 'timestamptz' ? '+00' : '';
  return barsOf(column, steps, counts, text, (edge) => `'${text(edge)}${zone}'`);
};

const barsOf = (
  column: string,
  { start, width, count }: Steps,
  counts: ReadonlyMap<number, number>,
  label: (edge: number) => string,
  literal: (edge: number) => string,
): ProfileBar[] =>
  Array.from({ length: count }, (_, index) => {
    const from = start + index * width;
    const to = from + width;
    const conditions = [
      ...(index > 0 ? [`${column} >= ${literal(from)}`] : []),
      ...(index < count - 1 ? [`${column} < ${literal(to)}`] : []),
    ];
    return {
      label: index === count - 1 && count > 1 ? `${label(from)}–` : `${label(from)}–${label(to)}`,
      count: counts.get(index) ?? 0,
      condition: conditions.length > 0 ? conditions.join(' AND ') : `${column} IS NOT NULL`,
    };
  });

/** Steps such as 0.1 add up to 0.30000000000000004. */
const numberText = (value: number): string => String(Number(value.toPrecision(12)));
