import { describe, expect, test } from 'vitest';
import type { CellValue, Page } from '../../../src/model/output.ts';
import { blockColumns, cellOf, chunkRows, gridOf, missingParts, mostChunks } from '../../../src/tui/state/data-grid.ts';
import { dataKey, plainLook } from '../../../src/tui/state/data-look.ts';
import { markedValues } from '../../../src/tui/state/data-selection.ts';
import type { Event } from '../../../src/tui/state/event.ts';
import { reduce } from '../../../src/tui/state/reduce/reduce.ts';
import { initialState, type State } from '../../../src/tui/state/state.ts';

const base = '["table","dev","public","t"]';
const table = { profile: 'dev', schema: 'public', table: 't', kind: 'table', rowEstimate: 0, bytes: 0 } as const;

const columnsOf = (count: number) => Array.from({ length: count }, (_, at) => ({ name: `c${at}`, type: 'int64' }));

/** The value of a cell says where it is. */
const pageOf = (rowCount: number, columns: number, chunk: number, block = 0): Page => {
  const from = block * blockColumns;
  const width = Math.min(blockColumns, columns - from);
  const height = Math.max(0, Math.min(chunkRows, rowCount - chunk * chunkRows));
  const rows = Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, at): CellValue => `${chunk * chunkRows + row},${from + at}`),
  );
  return { columns: columnsOf(columns), rows, rowCount, estimated: false, from };
};

const reduced = (state: State, ...events: Event[]): State => events.reduce(reduce, state);

const opened = (rowCount: number, columns: number): State =>
  loaded(
    reduced(
      initialState({ columns: 120, rows: 36 }, 0, { database: 'up', label: 'pg', message: null, workers: 1 }),
      { type: 'focused', pane: 'data' },
      { type: 'tableChosen', table },
      { type: 'dataOpened', key: base, base },
    ),
    rowCount,
    columns,
  );

/** Everything in view is loaded, as the loader would. */
const loaded = (state: State, rowCount: number, columns: number): State => {
  let next = state;
  for (let round = 0; round < 50; round++) {
    const [part] = missingParts(next);
    if (!part) return next;
    const { chunk, block } = part;
    const widths = columnsOf(columns).map(() => 8);
    const page = pageOf(rowCount, columns, chunk, block);
    next = reduce(next, { type: 'dataLoaded', key: next.data.key!, chunk, block, page, widths });
  }
  throw new Error('it never has what it needs');
};

const changedLook = (state: State, look: Partial<State['data']['look']>): State => {
  const next = reduce(state, { type: 'lookChanged', look });
  return reduce(next, { type: 'dataOpened', key: dataKey(base, next.data.look), base });
};

describe('rows held in parts', () => {
  test('any cell is reached by moving, with the right value, and no more parts than that are held', () => {
    const [rowCount, columns] = [1_000_000, 10_000];
    let state = opened(rowCount, columns);
    for (const [row, column] of [
      [999_999, 9_999],
      [0, 5_000],
      [123_456, 99],
      [123_456, 100],
      [500_000, 0],
    ] as const) {
      state = loaded(reduce(state, { type: 'dataJumped', row, column }), rowCount, columns);
      expect(cellOf(state.data, row, column)).toBe(`${row},${column}`);
      expect(state.data.chunks.size).toBeLessThanOrEqual(mostChunks);
    }
  });

  test('another order begins at the first row, and what was in sight stays until it comes', () => {
    const before = loaded(reduce(opened(5_000, 3), { type: 'dataJumped', row: 4_000 }), 5_000, 3);
    const state = changedLook(before, { sort: { column: 'c1', descending: true } });
    expect(state.data).toMatchObject({ cursor: { row: 0 }, staleTop: before.data.top });
    expect(state.data.heldKey).not.toBe(state.data.key);
    expect(state.data.chunks).toBe(before.data.chunks);
    expect(missingParts(state)).toEqual([{ chunk: 0, block: 0 }]);
    const after = loaded(state, 5_000, 3);
    expect([...after.data.chunks.keys()]).toEqual([0]);
  });

  test('an answer to an older question changes nothing', () => {
    const state = changedLook(opened(500, 3), { where: 'c1 > 5' });
    const late = { type: 'dataLoaded', key: base, chunk: 0, page: pageOf(500, 3, 0), widths: [8, 8, 8] } as const;
    expect(reduce(state, late)).toBe(state);
    const profile = { type: 'columnProfiled', base: 'other', column: 'c1', profile: null } as const;
    expect(reduce(state, profile)).toBe(state);
  });

  test('fewer rows than before take the cursor along', () => {
    const state = reduce(opened(5_000, 3), { type: 'dataJumped', row: 4_999 });
    const narrowed = loaded(changedLook(state, { where: 'c1 > 5' }), 10, 3);
    const last = loaded(reduce(narrowed, { type: 'dataMoved', rows: 1_000, columns: 0 }), 10, 3);
    expect(last.data.cursor.row).toBe(9);
    expect(last.data.top).toBe(0);
  });
});

describe('how rows are looked at', () => {
  test('hidden columns are passed over, and the cursor stays on its own', () => {
    const state = changedLook(reduce(opened(10, 5), { type: 'dataJumped', column: 3 }), {
      hidden: new Set(['c0', 'c2']),
    });
    expect(gridOf(state.data).columns.map(({ name }) => name)).toEqual(['c1', 'c3', 'c4']);
    expect(state.data.cursor.column).toBe(1);
    expect(gridOf(state.data).cellAt(2, 1)).toBe('2,3');
  });

  test('a frozen column stays in sight while the others scroll', () => {
    const state = changedLook(opened(10, 50), { frozen: 1 });
    const moved = loaded(reduce(state, { type: 'dataJumped', column: 49 }), 10, 50);
    expect(moved.data.firstColumn).toBeGreaterThan(30);
    expect(gridOf(moved.data).frozen).toBe(1);
  });

  test('one comes back to it after another table', () => {
    const look = { ...plainLook, where: 'c1 > 5', hidden: new Set(['c0']) };
    const there = changedLook(opened(10, 5), look);
    const away = reduce(there, { type: 'dataOpened', key: 'other', base: 'other' });
    expect(away.data.look).toEqual(plainLook);
    const back = reduce(away, { type: 'dataOpened', key: base, base });
    expect(back.data.look).toEqual(look);
    expect(back.data.key).toBe(dataKey(base, look));
  });

  test('what is marked is copied: a range of cells, whole rows, a column as far as it is held', () => {
    const start = reduce(opened(1_000, 4), { type: 'dataJumped', row: 2, column: 1 });
    const anchored = reduce(start, { type: 'dataSelected', selection: { anchor: start.data.cursor } });
    const range = reduce(anchored, { type: 'dataMoved', rows: 1, columns: 1 });
    expect(markedValues(range.data).rows).toEqual([
      ['2,1', '2,2'],
      ['3,1', '3,2'],
    ]);
    const rows = reduce(range, { type: 'dataSelected', selection: { kind: 'row' } });
    expect(markedValues(rows.data)).toMatchObject({
      rows: [['2,0', '2,1', '2,2', '2,3'], { length: 4 }],
      complete: true,
    });
    const column = reduce(start, { type: 'dataSelected', selection: { kind: 'column' } });
    expect(markedValues(column.data)).toMatchObject({
      columns: [{ name: 'c1' }],
      complete: false,
      rows: { length: 200 },
    });
  });
});
