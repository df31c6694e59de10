import { describe, expect, test } from 'vitest';
import type { Page } from '../../../src/model/output.ts';
import { keysAsMarkdown } from '../../../src/tui/keys/docs.ts';
import type { Event } from '../../../src/tui/state/event.ts';
import { chunkRows, mostChunks } from '../../../src/tui/state/reduce/data.ts';
import { reduce } from '../../../src/tui/state/reduce/reduce.ts';
import { initialState, type State } from '../../../src/tui/state/state.ts';

const start = (): State =>
  initialState({ columns: 120, rows: 36 }, 0, { database: 'up', label: 'pg', message: null, workers: 1 });

const reduced = (state: State, ...events: Event[]): State => events.reduce(reduce, state);

describe('the rows', () => {
  const page = (rows: number, rowCount: number, estimated = false): Page => ({
    columns: [{ name: 'a', type: 'int64' }],
    rows: Array.from({ length: rows }, (_, index) => [index]),
    rowCount,
    estimated,
  });
  const chunk = (index: number, of: Page): Event => ({
    type: 'dataLoaded',
    key: 'k',
    chunk: index,
    page: of,
    widths: [3],
  });

  test('hold a bounded number of chunks however far one goes', () => {
    const events = Array.from({ length: 50 }, (_, index) => chunk(index, page(chunkRows, 10_000_000)));
    const state = reduced(start(), { type: 'dataOpened', key: 'k' }, ...events);
    expect(state.data.chunks.size).toBe(mostChunks);
    expect([...state.data.chunks.keys()].at(-1)).toBe(49);
  });

  test('an estimate gives way to the end that was seen', () => {
    const state = reduced(start(), { type: 'dataOpened', key: 'k' }, chunk(0, page(37, 1_000, true)));
    expect(state.data.rowCount).toBe(37);
  });

  test('an estimate that is too low grows with what was seen', () => {
    const state = reduced(start(), { type: 'dataOpened', key: 'k' }, chunk(3, page(chunkRows, 10, true)));
    expect(state.data.rowCount).toBe(4 * chunkRows + 1);
  });

  test('beyond the end nothing comes: the cursor falls back until the end is found', () => {
    let state = reduced(
      start(),
      { type: 'dataOpened', key: 'k' },
      chunk(0, page(chunkRows, 5 * chunkRows, true)),
      { type: 'dataMoved', rows: 1_000_000, columns: 0 },
      chunk(4, page(0, 5 * chunkRows, true)),
    );
    expect(state.data.cursor.row).toBe(4 * chunkRows - 1);
    state = reduced(state, chunk(3, page(10, 5 * chunkRows, true)));
    expect(state.data.rowCount).toBe(3 * chunkRows + 10);
    expect(state.data.cursor.row).toBe(3 * chunkRows + 9);
    expect(state.data.estimated).toBe(false);
    state = reduced(state, chunk(0, page(chunkRows, 5 * chunkRows, true)));
    expect(state.data.rowCount).toBe(3 * chunkRows + 10);
  });

  test('the cursor stays inside', () => {
    const state = reduced(start(), { type: 'dataOpened', key: 'k' }, chunk(0, page(10, 10)), {
      type: 'dataMoved',
      rows: 1_000_000_000,
      columns: 50,
    });
    expect(state.data.cursor).toEqual({ row: 9, column: 0 });
  });
});

test('the key table for the documentation has every context', () => {
  expect(keysAsMarkdown()).toContain('### Everywhere');
  expect(keysAsMarkdown()).toContain('| `r` | Run the open pipeline |');
});
