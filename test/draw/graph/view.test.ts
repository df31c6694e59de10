import { describe, expect, test } from 'vitest';
import type { GraphBlock } from '../../../src/draw/graph/blocks.ts';
import { drawLayered, graphPicture, offsetOf } from '../../../src/draw/graph/layered-view.ts';
import { neighbour } from '../../../src/draw/graph/navigate.ts';
import { createTheme } from '../../../src/draw/theme.ts';
import { block } from './picture.ts';

const theme = createTheme();
const plain = (line: string): string => line.replace(/\u001b\[[0-9;]*m/g, '').trimEnd();

const taxi = [
  block('load_trips', [], { rows: '1.37M', time: '1.2s' }),
  block('load_zones', [], { rows: '265', time: '41ms' }),
  block('clean_trips', ['load_trips', 'load_zones'], { status: 'running', rows: '812k', time: '0:03' }),
  block('export_trips', ['clean_trips'], { status: 'initial' }),
  block('trips_per_zone', ['export_trips'], { status: 'initial' }),
  block('quality_report', ['clean_trips'], { status: 'initial' }),
];

const draw = (blocks: GraphBlock[], width: number, height: number, selected: string | null = null): string[] =>
  drawLayered(graphPicture(blocks, height), blocks, { width, height, selected, focused: true }, theme).map(plain);

describe('the picture of a pipeline', () => {
  test('has status and name on the line, rows and time below', () => {
    expect(draw(taxi, 90, 5)).toEqual([
      '✓ load_trips ────┬─ ● clean_trips ───┬─ ○ export_trips ───── ○ trips_per_zone',
      '  1.37M  1.2s    │    812k  0:03     │',
      '✓ load_zones ────╯                   ╰─ ○ quality_report',
      '  265  41ms',
      '',
    ]);
  });

  test('gives up the second line where there is no room for it', () => {
    expect(draw(taxi, 90, 3)[1]).toBe('✓ load_zones ──╯                  ╰─ ○ quality_report');
  });

  test('what hangs on a failed block is dotted', () => {
    const blocks = [
      block('a', [], { status: 'failed' }),
      block('b', ['a'], { status: 'cancelled', remark: 'not run' }),
    ];
    expect(draw(blocks, 60, 4)[0]).toBe('✗ a ┄┄┄┄┄┄┄┄┄┄┄┄┄┄ ⊘ b');
    expect(draw(blocks, 60, 4)[1]).toContain('not run');
  });

  test('a narrow window starts at the left and follows the selection to the end', () => {
    const picture = graphPicture(taxi, 5);
    const at = (selected: string): number => offsetOf(picture, { width: 40, height: 5, selected, focused: true }).x;
    expect(at('load_trips')).toBe(0);
    expect(at('trips_per_zone')).toBe(picture.layout.width - 40);
    for (const { id, x, width } of picture.layout.nodes) {
      expect(x).toBeGreaterThanOrEqual(at(id));
      expect(x + width).toBeLessThanOrEqual(at(id) + 40);
    }
  });

  test('statuses change without a new layout', () => {
    const later = taxi.map((one) => ({ ...one, status: 'completed' as const }));
    expect(graphPicture(later, 5)).toBe(graphPicture(taxi, 5));
  });
});

describe('moving in the picture', () => {
  const picture = graphPicture(taxi, 5);
  test.each([
    ['load_trips', 'right', 'clean_trips'],
    ['load_trips', 'down', 'load_zones'],
    ['clean_trips', 'left', 'load_trips'],
    ['clean_trips', 'right', 'export_trips'],
    ['export_trips', 'down', 'quality_report'],
    ['quality_report', 'up', 'export_trips'],
    ['load_trips', 'left', null],
  ] as const)('%s, %s: %s', (from, direction, to) => {
    expect(neighbour(picture, taxi, from, direction)).toBe(to);
  });
});
