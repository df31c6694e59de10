import { expect, test } from 'vitest';
import { chartOfFigures } from '../../src/data/chart/code-chart.ts';

test('a custom chart says what it is and what a terminal can show', () => {
  const figures = { x: [1], y: [2], index: null };
  const draw = (type: string) => () => chartOfFigures(figures, { chart_type: type });
  expect(draw('custom')).toThrow(
    expect.objectContaining({
      code: 'invalid-chart',
      message: expect.stringContaining('HTML'),
      fix: expect.stringContaining('histogram'),
    }),
  );
  expect(draw('line chart')).not.toThrow();
});
