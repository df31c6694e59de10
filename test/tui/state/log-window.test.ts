import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogLine, LogPage } from '../../../src/model/run.ts';
import { emptyLogs, type LogState } from '../../../src/tui/state/log-state.ts';
import { mostLines, wantedSide, withPage, withWindow } from '../../../src/tui/state/log-window.ts';

const lineOf = (sequence: number): LogLine => ({
  sequence,
  time: '2026-01-01T00:00:00Z',
  level: 'info',
  block: 'a',
  attempt: 1,
  source: 'stdout',
  text: `line ${sequence}`,
});

/** A page of a log whose lines are 1 to `total`. */
const pageOf = (total: number, side: 'older' | 'newer', from: number, limit: number): LogPage => {
  const first = side === 'older' ? Math.max(1, Math.min(from, total + 1) - limit) : Math.max(1, from + 1);
  const last = side === 'older' ? Math.min(from - 1, total) : Math.min(total, from + limit);
  const lines = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => lineOf(first + index));
  const end = side === 'older' ? first <= 1 : last >= total;
  return { lines, end, reached: side === 'older' ? first : Math.max(from, last), total };
};

const height = 20;

test('however one scrolls, the window is one piece of the log, bounded, and the line in view stays in view', () => {
  const steps = fc.array(fc.integer({ min: -900, max: 900 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20_000 }), steps, (total, moves) => {
      let logs: LogState = withWindow(
        { ...emptyLogs, key: 'k', follow: false },
        pageOf(total, 'older', total + 1, 500),
        null,
      );
      for (const move of moves) {
        const last = Math.max(0, logs.lines.length - height);
        logs = { ...logs, top: Math.max(0, Math.min(last, logs.top + move)) };
        const seen = logs.lines[logs.top]!.sequence;
        const side = wantedSide(logs, height);
        if (side) {
          const from = side === 'older' ? logs.lines[0]!.sequence : logs.reached;
          logs = withPage(logs, side, pageOf(total, side, from, 500));
        }
        expect(logs.lines[logs.top]!.sequence).toBe(seen);
        expect(logs.lines.length).toBeLessThanOrEqual(mostLines);
        const [first, end] = [logs.lines[0]!.sequence, logs.lines.at(-1)!.sequence];
        expect(end - first + 1).toBe(logs.lines.length);
        expect(logs.atStart).toBe(first === 1);
        expect(logs.atEnd).toBe(end === total);
        expect(logs.reached).toBe(end);
        expect(logs.reachedBack).toBe(first);
      }
    }),
  );
});

test('following drops the oldest lines', () => {
  let logs = withWindow({ ...emptyLogs, key: 'k' }, pageOf(500, 'older', 501, 500), null);
  for (let total = 1_500; total <= 5_500; total += 1_000)
    logs = withPage(logs, 'newer', pageOf(total, 'newer', logs.reached, 1_000));
  expect(logs.lines).toHaveLength(mostLines);
  expect(logs.lines.at(-1)!.sequence).toBe(5_500);
  expect([logs.atStart, logs.atEnd, logs.total]).toEqual([false, true, 5_500]);
});

test('older lines are looked for from where the last search was given up, until the pane is full or the log begins', () => {
  const given: LogPage = { lines: [], end: false, reached: 8_000, total: 10_000 };
  let logs = withWindow({ ...emptyLogs, key: 'k' }, given, null);
  expect([wantedSide(logs, height), logs.reachedBack]).toEqual(['older', 8_000]);
  logs = withPage(logs, 'older', { lines: [lineOf(7_000)], end: false, reached: 6_000, total: 10_000 });
  expect([wantedSide(logs, height), logs.reachedBack]).toEqual(['older', 6_000]);
  logs = withPage(logs, 'older', { lines: [], end: true, reached: 1, total: 10_000 });
  expect([wantedSide(logs, height), logs.atStart, logs.lines.length]).toEqual([null, true, 1]);
});
