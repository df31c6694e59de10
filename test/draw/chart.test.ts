import { describe, expect, test } from 'vitest';
import { drawChart } from '../../src/draw/chart/draw-chart.ts';
import { textWidth } from '../../src/draw/text-width.ts';
import { createTheme } from '../../src/draw/theme.ts';
import type { Chart } from '../../src/model/chart.ts';

const draw = (chart: Chart, width = 60, ascii = false): string[] =>
  drawChart(chart, width, createTheme({ ascii })).map((spans) => spans.map(({ text }) => text).join(''));

const bar = (text: string): number => text.split('█').length - 1;

describe('charts in text', () => {
  test('bars are as long as their values, with the figure behind', () => {
    const [title, first, second] = draw({
      kind: 'bars',
      groups: ['zone'],
      x: [['a'], ['空港']],
      series: [{ name: 'sum of n', values: [1_234_567, 2_469_134] }],
    });
    expect(title).toBe(' sum of n');
    expect(first).toContain('1,234,570');
    // Half of an odd length is one more or less.
    expect(Math.abs(bar(second!) - bar(first!) * 2)).toBeLessThanOrEqual(1);
  });

  test('a line goes up where the values do, and names its ends', () => {
    const values = Array.from({ length: 300 }, (_, at) => at);
    const lines = draw({
      kind: 'time',
      style: 'line',
      column: 'at',
      x: values.map((day) => day * 86_400),
      series: [{ name: 'n', values }],
    });
    const plot = lines.slice(1, 9);
    const heights = Array.from({ length: 40 }, (_, column) => plot.filter((row) => row[column + 8] !== ' ').length);
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
    expect(new Set(heights).size).toBeGreaterThan(6);
    expect(lines.at(-1)).toMatch(/1970-01-01 +1970-10-27/);
  });

  test('no line is wider than there is room, none has a control character', () => {
    const hostile = `\u001b[2J${'x'.repeat(5_000)}`;
    const charts: Chart[] = [
      {
        kind: 'pie',
        column: 'c',
        slices: [
          { label: hostile, count: 3 },
          { label: null, count: 1 },
        ],
      },
      {
        kind: 'histogram',
        column: 'c',
        bars: Array.from({ length: 100 }, (_, at) => ({ min: at, max: at + 1, count: at })),
      },
      { kind: 'table', columns: ['a', hostile], rows: [[1, hostile]] },
      { kind: 'bars', groups: ['g'], x: [[hostile]], series: [{ name: hostile.slice(0, 20), values: [-5] }] },
      { kind: 'line', groups: ['g'], x: [], series: [{ name: 'n', values: [] }] },
    ];
    for (const chart of charts) {
      for (const line of draw(chart, 80)) {
        expect(line).not.toContain('\u001b');
        expect(textWidth(line)).toBeLessThanOrEqual(80);
      }
    }
  });
});
