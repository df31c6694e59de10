import { describe, expect, test } from 'vitest';
import { drawGrid, type Grid, visibleColumns } from '../../src/draw/grid.ts';
import { textWidth } from '../../src/draw/text-width.ts';
import { createTheme } from '../../src/draw/theme.ts';
import type { CellValue } from '../../src/model/output.ts';

const theme = createTheme();
const plain = (line: string): string => line.replace(/\u001b\[[0-9;]*m/g, '');

const gridOf = (values: (CellValue[] | undefined)[]): Grid => ({
  columns: [
    { name: 'zone', type: 'text' },
    { name: 'trips', type: 'int64' },
  ],
  widths: [8, 6],
  rowCount: values.length,
  cellAt: (row, column) => values[row] && (values[row][column] ?? null),
});

const draw = (grid: Grid, more: Partial<Parameters<typeof drawGrid>[1]> = {}): string[] =>
  drawGrid(
    grid,
    { width: 40, height: 10, top: 0, firstColumn: 0, cursor: { row: 0, column: 0 }, focused: true, ...more },
    theme,
  );

describe('the grid', () => {
  test('has names and types in the header, numbers at the right, texts at the left', () => {
    const [names, types, , first] = draw(gridOf([['Harlem', 12]])).map(plain);
    expect(names).toContain('│ zone     │  trips');
    expect(types).toContain('│ text     │  int64');
    expect(first).toContain('│ Harlem   │     12');
  });

  test('NULL, empty text and a row on its way are three things', () => {
    const rows = draw(gridOf([[null, 1], ['', 2], undefined]))
      .map(plain)
      .slice(3);
    expect(rows[0]).toContain('│ ∅ ');
    expect(rows[1]).toContain('│          │');
    expect(rows[2]).toContain('│ … ');
  });

  test('every line has exactly the width, with wide, long and hostile values too', () => {
    const values: CellValue[][] = [
      ['空港'.repeat(40), 1],
      ['\u001b[2J', 2],
      ['x'.repeat(1_000_000), 3],
      ['👩‍👩‍👧', 4],
    ];
    for (const width of [10, 17, 23, 40, 41]) {
      for (const line of draw(gridOf(values), { width })) {
        expect(textWidth(plain(line))).toBe(width);
        expect(plain(line)).not.toContain('\u001b');
      }
    }
  });

  test('starts at the first column asked for', () => {
    const [names] = draw(gridOf([['Harlem', 12]]), { firstColumn: 1 }).map(plain);
    expect(names).not.toContain('zone');
    expect(names).toContain('trips');
  });

  test('at least one column is shown however wide it is', () => {
    expect(visibleColumns({ widths: [400], rowCount: 3 }, 0, 20)).toBe(1);
  });
});
