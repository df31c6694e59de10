import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noSplits } from '../../../src/tui/state/splits.ts';
import { layoutOf } from '../../../src/tui/view/layout.ts';
import { FakeSource } from '../../driver/fake-source.ts';
import { memoryOf } from '../../driver/memory.ts';
import { taxi, workbench } from '../../driver/open.ts';

const source = (): FakeSource => {
  const made = new FakeSource();
  made.addCompletedRun(taxi, 'yellow_taxi');
  return made;
};

const rowOf = (screen: string, text: string): number => screen.split('\n').findIndex((row) => row.includes(text));

test('z + and z - move the edge below the graph, from both sides; it is kept', async () => {
  const memory = memoryOf();
  const driver = workbench(source(), { memory, columns: 80, rows: 24 });
  await driver.expectScreen('✓ load_trips ──');
  const edge = (): number => rowOf(driver.screen(), '4 Logs');
  const before = edge();
  await driver.press('2', 'z', '+', 'z', '+', 'z', '+');
  await expect.poll(edge).toBe(before + 3);
  await driver.press('4', 'z', '+');
  await expect.poll(edge).toBe(before + 2);
  await driver.press('z', '>');
  await driver.expectFooter('z >: the panes have the whole width below 120 columns');
  await driver.quit();
  const next = workbench(source(), { memory, columns: 80, rows: 24 });
  await next.expectScreen('✓ load_trips ──');
  await expect.poll(() => rowOf(next.screen(), '4 Logs')).toBe(before + 2);
  await next.press('z', '=');
  await expect.poll(() => rowOf(next.screen(), '4 Logs')).toBe(before);
});

test('z > makes the lists wider, z < narrower, and in a list z + moves the edge between the lists', async () => {
  const driver = workbench(source(), { columns: 120, rows: 36 });
  await driver.expectScreen('3 Runs');
  const column = (): number => driver.screen().split('\n')[1]!.indexOf('2 Graph');
  const [width, height] = [column(), rowOf(driver.screen(), '3 Runs')];
  await driver.press('1', 'z', '>');
  await expect.poll(column).toBe(width + 2);
  await driver.press('2', 'z', '>', 'z', '>');
  await expect.poll(column).toBe(width - 2);
  await driver.press('3', 'z', '+');
  await expect.poll(() => rowOf(driver.screen(), '3 Runs')).toBe(height - 1);
});

test('an edge stops where a pane would be too small, and says so', async () => {
  const driver = workbench(source(), { columns: 80, rows: 24 });
  await driver.expectScreen('✓ load_trips ──');
  await driver.press('2', ...Array.from({ length: 20 }, () => ['z', '-']).flat());
  await driver.expectFooter('z -: there is no more room');
  await driver.expectScreen('✓ load_trips');
});

test('whatever was set, the panes fill the screen, do not overlap, and none is too small to show something', () => {
  const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null });
  fc.assert(
    fc.property(
      fc.record({ columns: fc.integer({ min: 80, max: 300 }), rows: fc.integer({ min: 20, max: 100 }) }),
      fc.record({ upper: share, tree: share, lists: share }),
      fc.constantFrom('tree' as const, 'graph' as const, 'logs' as const),
      fc.constantFrom('logs' as const, 'failure' as const),
      (size, splits, focus, tab) => {
        const { panes } = layoutOf({ size, splits, focus, tab, zoomed: false }, 10);
        const cells = new Set<number>();
        for (const { rect } of panes) {
          expect(rect.height).toBeGreaterThanOrEqual(4);
          expect(rect.width).toBeGreaterThanOrEqual(20);
          for (let y = rect.y; y < rect.y + rect.height; y++)
            for (let x = rect.x; x < rect.x + rect.width; x++) cells.add(y * 1_000 + x);
        }
        const area = panes.reduce((sum, { rect }) => sum + rect.width * rect.height, 0);
        expect(cells.size).toBe(area);
        expect(area).toBe(size.columns * (size.rows - 2));
      },
    ),
    { numRuns: 200 },
  );
  expect(
    layoutOf({ size: { columns: 80, rows: 24 }, splits: noSplits, focus: 'graph', tab: 'logs', zoomed: false }, 8)
      .panes,
  ).toEqual([
    { pane: 'graph', rect: { x: 0, y: 1, width: 80, height: 8 } },
    { pane: 'logs', rect: { x: 0, y: 9, width: 80, height: 14 } },
  ]);
});

test('F leaves rows in sight at 80x24', async () => {
  const driver = workbench(source(), { columns: 80, rows: 24 });
  await driver.expectScreen('✓ load_trips ──');
  await driver.press('2', 'g', '5');
  await driver.expectScreen('trip_distance');
  await driver.settle();
  const rows = (): string[] =>
    driver
      .screen()
      .split('\n')
      .filter((row) => /^│ +\d+ │/.test(row));
  expect(rows().length).toBeGreaterThan(5);
  await driver.press('F');
  await driver.expectScreen('enter filters on it');
  await driver.settle();
  expect(rows()).toHaveLength(3);
});

test('+ gives the pane the whole screen without borders at its sides, + or esc shows all again', async () => {
  const driver = workbench(source(), { columns: 80, rows: 24 });
  await driver.expectScreen('✓ load_trips ──');
  await driver.press('2', 'g', '4', '+');
  await driver.expectMissing('2 Graph');
  await driver.expectScreen('+ all panes');
  const rows = driver.screen().split('\n').slice(2, -1);
  for (const row of rows) expect(row).not.toMatch(/^[│╰]|[│╯]$/);
  await driver.press('5');
  await driver.expectScreen('trip_distance');
  await driver.expectMissing('2 Graph');
  await driver.press('esc');
  await driver.expectScreen('2 Graph');
  await driver.press('2', '+');
  await driver.expectMissing('4 Logs');
  await driver.press('+');
  await driver.expectScreen('5 Data');
});
