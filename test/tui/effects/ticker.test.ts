import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Run } from '../../../src/model/run.ts';
import { startTicker } from '../../../src/tui/effects/ticker.ts';
import { initialState } from '../../../src/tui/state/state.ts';
import { createStore } from '../../../src/tui/state/store.ts';

beforeEach(() => vi.useFakeTimers({ now: Date.parse('2026-11-24T12:00:00.500Z') }));
afterEach(() => vi.useRealTimers());

const finished: Run = {
  id: '1',
  project: 'taxi',
  projectPath: '/taxi',
  pipeline: 'trips',
  status: 'completed',
  trigger: 'test',
  executionDate: '2026-11-24T11:59:00.000Z',
  createdAt: '2026-11-24T11:59:50.500Z',
  startedAt: '2026-11-24T11:59:50.500Z',
  finishedAt: '2026-11-24T11:59:58.500Z',
  variables: {},
  parentRunId: null,
  owner: null,
};
const running: Run = { ...finished, id: '2', status: 'running', finishedAt: null };

const pipeline = { projectPath: '/taxi', pipeline: 'trips' };

const ticking = (runs: Run[]) => {
  const connection = { database: 'up', label: 'pg', message: null, workers: 1 } as const;
  const store = createStore({ ...initialState({ columns: 80, rows: 24 }, Date.now(), connection), pipeline, runs });
  const moments: number[] = [];
  let last = store.state().now;
  store.subscribe(({ now }) => {
    if (now !== last) moments.push(now - Date.parse('2026-11-24T12:00:00.500Z'));
    last = now;
  });
  return { store, moments, stop: startTicker(store) };
};

test('the ages of runs that have ended go on, at the moments when they read differently', () => {
  const { moments, stop } = ticking([finished]);
  vi.advanceTimersByTime(120_000);
  expect(moments).toEqual([50_000, 58_000, 110_000, 118_000]);
  stop();
});

test('a run that begins moves the screen every second, at once', () => {
  const { store, moments, stop } = ticking([finished]);
  vi.advanceTimersByTime(10_000);
  store.dispatch({ type: 'runsLoaded', pipeline, runs: [running, finished] });
  vi.advanceTimersByTime(2_600);
  expect(moments).toEqual([10_500, 11_500, 12_500]);
  stop();
});

test('without runs, and after the end, no timer is left', () => {
  const empty = ticking([]);
  expect(vi.getTimerCount()).toBe(0);
  empty.stop();
  ticking([finished]).stop();
  expect(vi.getTimerCount()).toBe(0);
});
