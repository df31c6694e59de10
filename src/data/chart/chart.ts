import type { Chart, ChartSeries } from '../../model/chart.ts';
import type { CellValue, Column, StoredOutput } from '../../model/output.ts';
import { WandError } from '../../problem/wand-error.ts';
import { cellOf, cellSelect } from '../cells.ts';
import { type DuckDb, duckIdentifier } from '../duckdb.ts';
import { columnsOf, outputSource, withFiles } from '../rows-of.ts';
import {
  type Aggregation,
  type ChartConfiguration,
  customChart,
  type Metric,
  readChartConfiguration,
} from './configuration.ts';
import { histogramBars, usualBuckets } from './histogram.ts';
import { timeChart } from './time-chart.ts';

/** Columns of a chart's groups and metrics; a table's rows where it has no limit of its own. */
const mostRows = 1_000;

/** What a chart is made from: a table expression of DuckDB and its columns. */
export type ChartSource = { duckdb: DuckDb; source: string; columns: Column[] };

/**
 * The figures of a chart block over the output of its upstream block, by its configuration and without its code (mage-format.md 10.1).
 * Throws WandError `invalid-chart`, `unknown-column`, and those of outputSource.
 */
export const chartOfOutput = async (output: StoredOutput, configuration: Record<string, unknown>): Promise<Chart> => {
  const read = readChartConfiguration(configuration);
  const { path, source } = await outputSource(output);
  return withFiles([path], async (duckdb) =>
    chartOf({ duckdb, source, columns: await columnsOf(duckdb, source) }, read),
  );
};

const chartOf = async (source: ChartSource, configuration: ChartConfiguration): Promise<Chart> => {
  const { type, groupBy, metrics } = configuration;
  if (type === 'custom') throw customChart();
  if (groupBy.length === 0) throw new WandError('invalid-chart', `a ${type || 'chart'} needs group_by`);
  for (const name of [...groupBy, ...metrics.map(({ column }) => column)]) requireColumn(source, name);
  switch (type) {
    case 'histogram':
      return histogram(source, groupBy[0]!, configuration.buckets ?? usualBuckets);
    case 'bar chart':
      return { kind: 'bars', ...(await grouped(source, groupBy, metrics)) };
    case 'line chart':
      return { kind: 'line', ...(await grouped(source, groupBy, metrics)) };
    case 'pie chart':
      return pie(source, groupBy[0]!, configuration.buckets);
    case 'table':
      return table(source, configuration);
    case 'time series bar chart':
      return timeChart(source, 'bar', groupBy[0]!, metrics, configuration.interval);
    case 'time series line chart':
      return timeChart(source, 'line', groupBy[0]!, metrics, configuration.interval);
    default:
      throw new WandError('invalid-chart', `a chart of type ${type || '(none)'} cannot be drawn here`, {
        fix: 'histogram, bar chart, line chart, pie chart, table and time series can',
      });
  }
};

const requireColumn = ({ columns }: ChartSource, name: string): Column => {
  const column = columns.find((candidate) => candidate.name === name);
  if (column) return column;
  throw new WandError('unknown-column', `the chart wants the column ${name}, which is not there`, {
    fix: `there are: ${columns.map((one) => one.name).join(', ')}`,
  });
};

export const rowsOf = async ({ duckdb }: ChartSource, sql: string): Promise<CellValue[][]> =>
  (await duckdb.connection.runAndReadAll(sql)).getRows().map((row) => row.map(cellOf));

export const numberOf = (value: CellValue | undefined): number | null =>
  value === null || value === undefined || !Number.isFinite(Number(value)) ? null : Number(value);

/** Steps of a whole width, ceil((max - min + 1) / buckets), from the smallest value to the one that holds the largest. */
const histogram = async (source: ChartSource, column: string, buckets: number): Promise<Chart> => {
  const value = `TRY_CAST(${duckIdentifier(column)} AS DOUBLE)`;
  const known = `${value} IS NOT NULL AND isfinite(${value})`;
  const [range = []] = await rowsOf(source, `SELECT min(${value}), max(${value}) FROM ${source.source} WHERE ${known}`);
  const [min, max] = range.map(numberOf);
  if (min === null || max === null || min === undefined || max === undefined)
    return { kind: 'histogram', column, bars: [] };
  const step = Math.ceil((max - min + 1) / buckets);
  const counted = await rowsOf(
    source,
    `SELECT floor((${value} - (${min})) / ${step}) AS bar, count(*) FROM ${source.source} WHERE ${known} GROUP BY 1`,
  );
  const counts = new Map(counted.map(([bar, count]) => [Number(bar), Number(count)]));
  return { kind: 'histogram', column, bars: histogramBars(min, max, buckets, () => counts) };
};

type Grouped = { groups: string[]; x: CellValue[][]; series: ChartSeries[] };

/**
 * Metrics of each group, groups in ascending order. Rows without a value in a group are left out; with several groups Mage keeps their
 * place at the end of `x` without a value.
 */
const grouped = async (source: ChartSource, groups: string[], metrics: Metric[]): Promise<Grouped> => {
  const wanted: Metric[] = metrics.length > 0 ? metrics : [{ aggregation: 'count', column: groups[0]! }];
  const names = groups.map(duckIdentifier);
  const known = names.map((name) => `${name} IS NOT NULL`).join(' AND ');
  const rows = await aggregated(source, names, known, wanted);
  const x = rows.map((row) => row.slice(0, names.length));
  const series = wanted.map((metric, at) => ({
    name: `${metric.aggregation} of ${metric.column}`,
    values: rows.map((row) => numberOf(row[names.length + at])),
  }));
  if (names.length === 1) return { groups, x, series };
  const list = names.join(', ');
  const without = await rowsOf(
    source,
    `SELECT DISTINCT ${list} FROM ${source.source} WHERE NOT (${known}) ORDER BY ${names.map((name) => `${name} NULLS LAST`).join(', ')} LIMIT ${mostRows}`,
  );
  return { groups, x: [...x, ...without], series };
};

/** Rows of group values and then a value for each metric, in the order of the groups. */
export const aggregated = async (
  source: ChartSource,
  groups: readonly string[],
  where: string,
  metrics: readonly Metric[],
): Promise<CellValue[][]> => {
  const from = `(SELECT *, row_number() OVER () AS wand_place FROM ${source.source})`;
  const keys = groups.map((name, at) => `${name} AS g${at}`).join(', ');
  const places = groups.map((_, at) => at + 1).join(', ');
  const base = `SELECT ${keys}, ${metrics.map(({ aggregation, column }, at) => `${expression(aggregation, duckIdentifier(column))} AS m${at}`).join(', ')}
    FROM ${from} WHERE ${where} GROUP BY ${places}`;
  // The value that comes most, of several the one that came first: a grouping of its own.
  const modes = metrics.flatMap(({ aggregation, column }, at) => (aggregation === 'mode' ? [{ column, at }] : []));
  const joins = modes.map(({ column, at }) => {
    const value = duckIdentifier(column);
    const inner = `SELECT ${keys}, ${value} AS v, count(*) AS n, min(wand_place) AS p FROM ${from} WHERE ${where} AND ${value} IS NOT NULL GROUP BY ${places}, v`;
    const own = groups.map((_, group) => `g${group}`).join(', ');
    return `LEFT JOIN (SELECT ${own}, first(v ORDER BY n DESC, p) AS mode FROM (${inner}) GROUP BY ${own}) mode${at} USING (${own})`;
  });
  const shown = metrics.map(({ aggregation }, at) => (aggregation === 'mode' ? `mode${at}.mode AS m${at}` : `m${at}`));
  const own = groups.map((_, group) => `g${group}`);
  return rowsOf(
    source,
    `SELECT ${[...own, ...shown].join(', ')} FROM (${base}) b ${joins.join(' ')} ORDER BY ${own.join(', ')}`,
  );
};

const expression = (aggregation: Aggregation, column: string): string => {
  const number = `TRY_CAST(${column} AS DOUBLE)`;
  switch (aggregation) {
    case 'average':
      return `avg(${number})`;
    case 'count':
      return `count(${column})`;
    case 'count_distinct':
      return `count(DISTINCT ${column})`;
    case 'median':
      // Of two in the middle the upper one.
      return `-quantile_disc(-${number}, 0.5)`;
    case 'sum':
      // What has no values sums up to nothing.
      return `coalesce(sum(${number}), 0)`;
    case 'mode':
      return 'NULL';
    default:
      return `${aggregation}(${number})`;
  }
};

/** Counts of each value, the most first, of equal ones the higher value; `buckets` are that many. */
const pie = async (source: ChartSource, column: string, buckets: number | null): Promise<Chart> => {
  const name = duckIdentifier(column);
  const rows = await rowsOf(
    source,
    `SELECT ${name} AS value, count(*) AS n FROM ${source.source} WHERE ${name} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 DESC LIMIT ${buckets ?? mostRows}`,
  );
  return {
    kind: 'pie',
    column,
    slices: rows.map(([label, count]) => ({ label: label ?? null, count: Number(count) })),
  };
};

const table = async (source: ChartSource, configuration: ChartConfiguration): Promise<Chart> => {
  const { groupBy, orderBy, descending, limit } = configuration;
  if (orderBy !== null) requireColumn(source, orderBy);
  const order =
    orderBy === null ? '' : ` ORDER BY ${duckIdentifier(orderBy)} ${descending ? 'DESC' : 'ASC'} NULLS LAST`;
  const { connection } = source.duckdb;
  const list = groupBy.map(duckIdentifier).join(', ');
  const types = (await connection.run(`SELECT ${list} FROM ${source.source} LIMIT 0`)).columnTypes();
  const cells = groupBy.map((name, at) => cellSelect(name, types[at]!, 500)).join(', ');
  const rows = await rowsOf(
    source,
    `SELECT ${cells} FROM (SELECT ${list} FROM ${source.source}${order} LIMIT ${limit ?? mostRows})`,
  );
  return { kind: 'table', columns: groupBy, rows };
};
