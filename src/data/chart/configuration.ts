import { WandError } from '../../problem/wand-error.ts';

export const aggregations = ['average', 'count', 'count_distinct', 'max', 'median', 'min', 'mode', 'sum'] as const;
export type Aggregation = (typeof aggregations)[number];
export type Metric = { aggregation: Aggregation; column: string };

export const intervals = ['original', 'second', 'minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type Interval = (typeof intervals)[number];

/** A chart block's `configuration` (mage-format.md 10.1), checked. */
export type ChartConfiguration = {
  type: string;
  groupBy: string[];
  metrics: Metric[];
  buckets: number | null;
  limit: number | null;
  orderBy: string | null;
  descending: boolean;
  interval: Interval;
};

/** Throws WandError `invalid-chart` for what no chart can be made of. */
export const readChartConfiguration = (configuration: Record<string, unknown>): ChartConfiguration => ({
  type: typeof configuration.chart_type === 'string' ? configuration.chart_type : '',
  groupBy: textList(configuration.group_by),
  metrics: Array.isArray(configuration.metrics) ? configuration.metrics.map(metricOf) : [],
  buckets: countOf('buckets', configuration.buckets),
  limit: countOf('limit', configuration.limit),
  orderBy: textList(configuration.order_by)[0] ?? null,
  descending: configuration.y_sort_order === 'descending',
  interval: intervalOf(configuration.time_interval),
});

const textList = (value: unknown): string[] =>
  (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]).map(String);

const metricOf = (value: unknown): Metric => {
  const { aggregation, column } = (value ?? {}) as Record<string, unknown>;
  const known = aggregations.find((name) => name === aggregation);
  if (known && typeof column === 'string') return { aggregation: known, column };
  throw invalid(`the metric ${JSON.stringify(value)}`, `aggregation is one of ${aggregations.join(', ')}`);
};

const countOf = (name: string, value: unknown): number | null => {
  if (value === undefined || value === null || value === '') return null;
  const count = Number(value);
  if (Number.isInteger(count) && count > 0) return count;
  throw invalid(`${name}: ${JSON.stringify(value)}`, 'it is a whole number from 1');
};

const intervalOf = (value: unknown): Interval => {
  if (value === undefined || value === null || value === '') return 'original';
  const known = intervals.find((name) => name === value);
  if (known) return known;
  throw invalid(`time_interval: ${JSON.stringify(value)}`, `it is one of ${intervals.join(', ')}`);
};

const invalid = (what: string, fix: string): WandError =>
  new WandError('invalid-chart', `no chart can be made of ${what}`, { fix });

/** Mage shows what the code of such a block renders in a browser. */
export const customChart = (): WandError =>
  new WandError('invalid-chart', 'a chart of type custom is HTML or a picture that its code renders', {
    fix: 'a terminal can show histogram, bar chart, line chart, pie chart, table and time series',
  });
