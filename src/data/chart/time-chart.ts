import type { Chart } from '../../model/chart.ts';
import { WandError } from '../../problem/wand-error.ts';
import { duckIdentifier } from '../duckdb.ts';
import { aggregated, type ChartSource, numberOf, rowsOf } from './chart.ts';
import type { Interval, Metric } from './configuration.ts';

const day = 86_400;
/** Seconds of an interval; months and years are 30 and 365 days from their first one on. */
const seconds = { second: 1, minute: 60, hour: 3_600, day, week: 7 * day, month: 30 * day, year: 365 * day } as const;

/** Without an interval the time from first to last is cut into so many parts. */
const originalParts = 40;
/** More intervals than a screen or a reader could use: a month of seconds is 2.6 M. */
const mostIntervals = 20_000;

/**
 * Metrics of equal intervals, each named by its end, from the interval of the first time to that of the last; 0 where nothing was. Weeks
 * start on Sunday (mage-format.md 10.1).
 */
export const timeChart = async (
  source: ChartSource,
  style: 'bar' | 'line',
  column: string,
  metrics: readonly Metric[],
  interval: Interval,
): Promise<Chart> => {
  const time = `epoch(TRY_CAST(${duckIdentifier(column)} AS TIMESTAMP))`;
  const [range = []] = await rowsOf(source, `SELECT min(${time}), max(${time}) FROM ${source.source}`);
  const [first, last] = range.map(numberOf);
  if (first === null || last === null || first === undefined || last === undefined) {
    throw new WandError('invalid-chart', `${column} holds no times`);
  }
  const { start, step } = stepsOf(interval, first, last);
  const count = Math.floor((last - start) / step) + 1;
  if (count > mostIntervals) {
    throw new WandError('invalid-chart', `${count} intervals of a ${interval} are too many to draw`, {
      fix: 'take a longer time_interval',
    });
  }
  const place = `floor((${time} - ${start}) / ${step})`;
  const wanted: readonly Metric[] = metrics.length > 0 ? metrics : [{ aggregation: 'count', column }];
  const rows = await aggregated(source, [place], `${time} IS NOT NULL`, wanted);
  const found = new Map(rows.map(([at, ...values]) => [Number(at), values]));
  return {
    kind: 'time',
    style,
    column,
    x: Array.from({ length: count }, (_, at) => start + (at + 1) * step),
    series: wanted.map((metric, at) => ({
      name: `${metric.aggregation} of ${metric.column}`,
      values: Array.from({ length: count }, (_, part) => numberOf(found.get(part)?.[at]) ?? 0),
    })),
  };
};

const stepsOf = (interval: Interval, first: number, last: number): { start: number; step: number } => {
  if (interval === 'original') return { start: first, step: (last - first) / originalParts || 1 };
  return { start: startOf(interval, first), step: seconds[interval] };
};

/** The beginning of the interval that holds a time, in UTC. */
const startOf = (interval: Exclude<Interval, 'original'>, time: number): number => {
  const date = new Date(time * 1000);
  if (interval === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth()) / 1000;
  if (interval === 'year') return Date.UTC(date.getUTCFullYear(), 0) / 1000;
  const midnight = Math.floor(time / day) * day;
  if (interval === 'week') return midnight - date.getUTCDay() * day;
  return Math.floor(time / seconds[interval]) * seconds[interval];
};
