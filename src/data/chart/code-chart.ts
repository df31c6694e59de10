import type { Chart, ChartSeries } from '../../model/chart.ts';
import type { CellValue } from '../../model/output.ts';
import { WandError } from '../../problem/wand-error.ts';
import { customChart, readChartConfiguration } from './configuration.ts';
import { histogramBars, usualBuckets } from './histogram.ts';

/** What the code of a chart block gave, as JSON. */
export type CodeFigures = { x: unknown; y: unknown; index: unknown };

/** The chart of values that code has computed (mage-format.md 10.1). Throws WandError `invalid-chart`. */
export const chartOfFigures = (figures: CodeFigures, configuration: Record<string, unknown>): Chart => {
  const { type, buckets, limit } = readChartConfiguration(configuration);
  const name = typeof configuration.y === 'string' ? configuration.y : 'y';
  const x = listOf(figures.x);
  switch (type) {
    case 'histogram': {
      const values = x.map(Number).filter((value, at) => x[at] !== null && Number.isFinite(value));
      return { kind: 'histogram', column: 'x', bars: barsOf(values, buckets ?? usualBuckets) };
    }
    case 'bar chart':
    case 'line chart':
      return {
        kind: type === 'bar chart' ? 'bars' : 'line',
        groups: ['x'],
        x: x.map((value) => [cellOf(value)]),
        series: seriesOf(figures.y, name),
      };
    case 'pie chart':
      return { kind: 'pie', column: 'x', slices: slicesOf(figures.x).slice(0, buckets ?? undefined) };
    case 'table':
      return {
        kind: 'table',
        columns: x.map(String),
        rows: listOf(figures.y)
          .slice(0, limit ?? undefined)
          .map((row) => listOf(row).map(cellOf)),
      };
    case 'time series bar chart':
    case 'time series line chart':
      return {
        kind: 'time',
        style: type === 'time series bar chart' ? 'bar' : 'line',
        column: 'x',
        x: x.map(secondsOf),
        series: seriesOf(figures.y, name),
      };
    case 'custom':
      throw customChart();
    default:
      throw new WandError('invalid-chart', `a chart of type ${type || '(none)'} cannot be drawn here`);
  }
};

const listOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];

const cellOf = (value: unknown): CellValue =>
  value === null || value === undefined
    ? null
    : typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? value
      : JSON.stringify(value);

/** One list is one series, a list of lists several. */
const seriesOf = (y: unknown, name: string): ChartSeries[] => {
  const lists = listOf(y);
  const several = lists.some(Array.isArray) ? lists.map(listOf) : [lists];
  return several.map((values, at) => ({
    name: several.length === 1 ? name : `${name} ${at + 1}`,
    values: values.map((value) => (value === null || !Number.isFinite(Number(value)) ? null : Number(value))),
  }));
};

const barsOf = (values: readonly number[], buckets: number) => {
  if (values.length === 0) return [];
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const counts = new Map<number, number>();
  return histogramBars(min, max, buckets, (step) => {
    for (const value of values) {
      const bar = Math.floor((value - min) / step);
      counts.set(bar, (counts.get(bar) ?? 0) + 1);
    }
    return counts;
  });
};

/** Counts of a mapping as they are, of a list by value: the most first, of equal ones the higher value. */
const slicesOf = (x: unknown): { label: CellValue; count: number }[] => {
  if (x && typeof x === 'object' && !Array.isArray(x)) {
    return Object.entries(x).map(([label, count]) => ({ label, count: Number(count) }));
  }
  const counts = new Map<CellValue, number>();
  for (const value of listOf(x).map(cellOf)) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([label, count]) => ({ label, count }))
    .sort((a, b) => b.count - a.count || (a.label! < b.label! ? 1 : -1));
};

const secondsOf = (value: unknown): number => {
  const seconds =
    typeof value === 'number'
      ? value
      : Date.parse(`${value}${/[zZ]|[+-]\d\d:?\d\d$/.test(String(value)) ? '' : 'Z'}`) / 1000;
  if (Number.isFinite(seconds)) return seconds;
  throw new WandError('invalid-chart', `${JSON.stringify(value)} is no time`);
};
