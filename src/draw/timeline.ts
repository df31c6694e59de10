import type { StatusName } from './glyphs.ts';
import { edgeLine, line, type Span, span } from './line.ts';
import { clock, duration } from './numbers.ts';
import { fitted, textWidth } from './text-width.ts';
import { statusToken, type Theme, type Token } from './theme.ts';

export type TimelineBar = { kind: 'wait' | 'run' | 'failed' | 'delay'; from: number; to: number };

/** A block in time. Times in milliseconds, `share` of the whole run from 0 to 1. `name` is safe to print. */
export type TimelineRow = {
  id: string;
  name: string;
  status: StatusName;
  critical: boolean;
  bars: TimelineBar[];
  time: number | null;
  wait: number | null;
  share: number | null;
  remark: string;
};

type TimelineViewport = {
  width: number;
  height: number;
  top: number;
  selected: string | null;
  focused: boolean;
  from: number;
  to: number;
  /** Durations of the last runs, oldest first; null where one did not complete. */
  last: readonly (number | null)[];
};

const widestName = 24;
const figures = 25;

/** Axis, one row a block, legend: who waited for whom, and what the time went to. */
export const drawTimeline = (rows: readonly TimelineRow[], viewport: TimelineViewport, theme: Theme): string[] => {
  const { width, height, top, selected, focused, from, to, last } = viewport;
  const nameWidth = Math.min(
    widestName,
    Math.max(8, ...rows.map(({ name }) => textWidth(name))),
    Math.max(8, width >> 2),
  );
  const remarkWidth = width > 80 ? Math.max(0, ...rows.map(({ remark }) => textWidth(remark))) : 0;
  const chart = Math.max(10, width - nameWidth - figures - 8 - (remarkWidth > 0 ? remarkWidth + 2 : 0));
  const head = axis(chart, to - from);
  const titles = `${fitted('time', 8, 'right')}${fitted('wait', 8, 'right')}${fitted('share', 7, 'right')}`;
  const shown = rows.slice(top, top + Math.max(0, height - 2));
  const body = shown.map((row) => {
    const under = row.id === selected ? (focused ? 'selected' : 'selectedIdle') : undefined;
    const spans: Span[] = [
      span(` ${theme.glyphs.status[row.status]} `, statusToken(row.status)),
      span(fitted(row.name, nameWidth), under),
      span(` ${row.critical ? theme.glyphs.critical : ' '} `, 'warning'),
      ...barSpans(row, chart, from, to, theme),
      span(fitted(row.time === null ? '' : duration(row.time), 8, 'right')),
      span(fitted(row.wait === null ? '' : duration(row.wait), 8, 'right'), 'muted'),
      span(fitted(row.share === null ? '' : `${Math.round(row.share * 100)} %`, 7, 'right'), 'muted'),
      span(row.remark === '' || remarkWidth === 0 ? '' : `  ${row.remark}`, 'muted'),
    ];
    return line(spans, width, theme);
  });
  const rest = Array.from({ length: Math.max(0, height - 2 - body.length) }, () => ' '.repeat(width));
  return [
    line([span(' '.repeat(nameWidth + 6)), span(head, 'muted'), span(titles, 'muted')], width, theme),
    ...body,
    ...rest,
    legend(last, width, theme),
  ].slice(0, height);
};

const tokens: Record<TimelineBar['kind'], Token | undefined> = {
  wait: 'muted',
  run: 'running',
  failed: 'error',
  delay: 'muted',
};

const barSpans = ({ bars, status }: TimelineRow, width: number, from: number, to: number, theme: Theme): Span[] => {
  const cells: { text: string; token?: Token }[] = Array.from({ length: width }, () => ({ text: ' ' }));
  const column = (time: number): number => Math.round(((time - from) / Math.max(1, to - from)) * width);
  const { timeline } = theme.glyphs;
  for (const { kind, from: start, to: end } of bars) {
    const first = Math.min(width - 1, column(start));
    // What ran is seen, however short it was; waiting is not.
    const after = Math.max(column(end), kind === 'run' || kind === 'failed' ? first + 1 : first);
    const token = kind === 'run' && status === 'completed' ? 'ok' : tokens[kind];
    for (let x = first; x < Math.min(width, after); x++)
      cells[x] = { text: timeline[kind === 'failed' ? 'run' : kind], token };
    if (kind === 'failed') cells[Math.min(width, after) - 1] = { text: theme.glyphs.status.failed, token: 'error' };
  }
  return joined(cells);
};

const joined = (cells: readonly { text: string; token?: Token }[]): Span[] => {
  const spans: Span[] = [];
  for (const { text, token } of cells) {
    const last = spans.at(-1);
    if (last && last.token === token) last.text += text;
    else spans.push({ text, token });
  }
  return spans;
};

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400];
const tickWidth = 10;

/** Seconds below a minute, a clock above, so far apart that they can be read. */
const axis = (width: number, span: number): string => {
  const smallest = (span / 1_000 / width) * tickWidth;
  const step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, ...steps].find((size) => size >= smallest) ?? smallest;
  const text: string[] = new Array(width).fill(' ');
  for (let at = 0; at * 1_000 <= span; at += step) {
    const label = step < 60 && span < 60_000 ? `${Number(at.toFixed(2))}${at === 0 ? 's' : ''}` : clock(at * 1_000);
    const column = Math.round(((at * 1_000) / Math.max(1, span)) * width);
    if (column + label.length > width) break;
    for (const [index, character] of [...label].entries()) text[column + index] = character;
  }
  return text.join('');
};

const legend = (last: readonly (number | null)[], width: number, theme: Theme): string => {
  const { critical, timeline, status } = theme.glyphs;
  const left = [
    span(` ${critical} `, 'warning'),
    span('critical path  ', 'muted'),
    span(`${timeline.wait} waiting  `, 'muted'),
    span(timeline.run, 'running'),
    span(' running  ', 'muted'),
    span(status.failed, 'error'),
    span(` attempt failed  ${timeline.delay} retry delay`, 'muted'),
  ];
  if (last.length < 2) return line(left, width, theme);
  return edgeLine(
    left,
    [span(`last ${last.length} runs `, 'muted'), ...durationBars(last, theme), span(' ')],
    width,
    theme,
  );
};

/** One bar a run, as high as it took long; a run that did not complete is the sign for failed. */
const durationBars = (durations: readonly (number | null)[], theme: Theme): Span[] => {
  const bars = [...theme.glyphs.bars];
  const longest = Math.max(1, ...durations.map((value) => value ?? 0));
  return joined(
    durations.map((value) =>
      value === null
        ? { text: theme.glyphs.status.failed, token: 'error' as const }
        : { text: bars[Math.max(1, Math.round((value / longest) * (bars.length - 1)))]!, token: 'ok' as const },
    ),
  );
};
