import type { Chart, ChartSeries } from '../../model/chart.ts';
import type { CellValue } from '../../model/output.ts';
import { cellText } from '../grid.ts';
import { type Span, span } from '../line.ts';
import { fullCount } from '../numbers.ts';
import { displayText, fitted, textWidth } from '../text-width.ts';
import type { Theme } from '../theme.ts';
import { plotLines } from './plot.ts';

/** Bars, slices and rows that are drawn of one chart; more would be a table, not a picture. */
const mostBars = 40;
const widestLabel = 28;

/** A chart as lines of spans, as wide as there is room; a figure stands at every bar. */
export const drawChart = (chart: Chart, width: number, theme: Theme): Span[][] => {
  switch (chart.kind) {
    case 'histogram':
      return bars(
        chart.bars.map(({ min, max, count }) => ({ label: `${short(min)}–${short(max)}`, value: count, note: '' })),
        width,
        theme,
      );
    case 'pie': {
      const total = chart.slices.reduce((sum, { count }) => sum + count, 0);
      return bars(
        chart.slices.map(({ label, count }) => ({
          label: cellText(label, theme),
          value: count,
          note: ` ${Math.round((count / Math.max(1, total)) * 100)} %`,
        })),
        width,
        theme,
      );
    }
    case 'bars':
      return perSeries(chart.series, (series) =>
        bars(
          series.values.map((value, at) => ({ label: labelOf(chart.x[at] ?? [], theme), value: value ?? 0, note: '' })),
          width,
          theme,
        ),
      );
    case 'line': {
      const ends: [string, string] = [labelOf(chart.x[0] ?? [], theme), labelOf(chart.x.at(-1) ?? [], theme)];
      return perSeries(chart.series, ({ values }) => plotLines(values, ends, width, theme));
    }
    case 'time': {
      const ends: [string, string] = [timeText(chart.x[0]), timeText(chart.x.at(-1))];
      return perSeries(chart.series, ({ values }) => plotLines(values, ends, width, theme));
    }
    default:
      return table(chart.columns, chart.rows, theme);
  }
};

const perSeries = (series: readonly ChartSeries[], draw: (one: ChartSeries) => Span[][]): Span[][] =>
  series.flatMap((one, index) => [
    ...(index > 0 ? [[]] : []),
    [span(` ${displayText(one.name)}`, 'strong')],
    ...draw(one),
  ]);

type Bar = { label: string; value: number; note: string };

const bars = (all: readonly Bar[], width: number, theme: Theme): Span[][] => {
  const shown = all.slice(0, mostBars);
  if (shown.length === 0) return [[span(' no values', 'muted')]];
  const most = Math.max(...shown.map(({ value }) => Math.abs(value)), Number.MIN_VALUE);
  const labelWidth = Math.min(widestLabel, Math.max(...shown.map(({ label }) => textWidth(label))));
  const figures = shown.map(({ value, note }) => `${short(value)}${note}`);
  const room = Math.max(1, width - labelWidth - Math.max(...figures.map(textWidth)) - 4);
  return [
    ...shown.map(({ label, value }, at) => {
      const size = value === 0 ? 0 : Math.max(1, Math.round((Math.abs(value) / most) * room));
      return [
        span(` ${fitted(label, labelWidth, 'right', theme.glyphs.ellipsis)} `, 'muted'),
        span(theme.glyphs.fullBar.repeat(size), value < 0 ? 'error' : 'info'),
        span(` ${figures[at]}`),
      ];
    }),
    ...(all.length > mostBars ? [[span(` and ${fullCount(all.length - mostBars)} more`, 'muted')]] : []),
  ];
};

const table = (columns: readonly string[], all: readonly CellValue[][], theme: Theme): Span[][] => {
  const rows = all.slice(0, mostBars).map((row) => row.map((value) => cellText(value, theme)));
  const widths = columns.map((name, at) =>
    Math.min(widestLabel, Math.max(textWidth(displayText(name)), ...rows.map((row) => textWidth(row[at] ?? '')))),
  );
  const cells = (texts: readonly string[], token?: 'strong'): Span[] =>
    texts.map((text, at) => span(` ${fitted(text, widths[at]!, 'left', theme.glyphs.ellipsis)} `, token));
  return [
    cells(columns.map(displayText), 'strong'),
    ...rows.map((row) => cells(row)),
    ...(all.length > mostBars ? [[span(` and ${fullCount(all.length - mostBars)} more`, 'muted')]] : []),
  ];
};

const labelOf = (values: readonly CellValue[], theme: Theme): string =>
  values.map((value) => cellText(value, theme)).join(' · ');

/** Six digits, thousands apart. */
export const short = (value: number): string => {
  const rounded = Number(value.toPrecision(6));
  if (Math.abs(rounded) >= 1e15) return String(rounded);
  const [whole = '', fraction] = String(rounded).split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction ? `.${fraction}` : ''}`;
};

const timeText = (seconds: number | undefined): string =>
  seconds === undefined
    ? ''
    : new Date(seconds * 1000)
        .toISOString()
        .slice(0, 16)
        .replace('T', ' ')
        .replace(/ 00:00$/, '');
