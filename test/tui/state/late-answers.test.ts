import { expect, test } from 'vitest';
import type { LogPage } from '../../../src/model/run.ts';
import type { RunChanges } from '../../../src/model/run-changes.ts';
import { reduce } from '../../../src/tui/state/reduce/reduce.ts';
import { initialState, type State } from '../../../src/tui/state/state.ts';

const start = initialState({ columns: 120, rows: 36 }, 0, { database: 'up', label: 'pg', message: null, workers: 1 });

const page: LogPage = {
  lines: [
    { sequence: 1, time: '2026-01-01T00:00:00Z', level: 'info', block: 'a', attempt: 1, source: 'stdout', text: 'x' },
  ],
  end: true,
  reached: 1,
  total: 1,
};

test('lines that were asked for by another filter, or before another place is sought, do not enter the log', () => {
  const shown: State = { ...start, logs: { ...start.logs, key: '["1"]', seek: null } };
  const paged = (state: State, key: string): number =>
    reduce(state, { type: 'logPaged', key, side: 'newer', page }).logs.lines.length;
  expect(paged(shown, '["1"]')).toBe(1);
  expect(paged(shown, '["1","old"]')).toBe(0);
  const seeking = reduce(start, { type: 'logOpened', key: '["1"]' });
  expect(seeking.logs.seek).not.toBeNull();
  expect(paged(seeking, '["1"]')).toBe(0);
});

test('what two other runs differ in does not take the place of what is wanted', () => {
  const changes: RunChanges = { left: '7', right: '8', executionDate: null, variables: [], blocks: [], files: [] };
  expect(reduce(start, { type: 'changesLoaded', changes }).past.changes).toBeNull();
});
