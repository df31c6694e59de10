import { expect, test } from 'vitest';
import { pipelineOf, projectOf } from '../../driver/fake-project.ts';
import { FakeSource } from '../../driver/fake-source.ts';
import { memoryOf } from '../../driver/memory.ts';
import { taxi, workbench } from '../../driver/open.ts';

const completed = (): FakeSource => {
  const source = new FakeSource();
  source.addCompletedRun(taxi, 'yellow_taxi');
  return source;
};

test('v changes between the picture, boxes and rails, and the choice is kept', async () => {
  const memory = memoryOf();
  const driver = workbench(completed(), { memory, columns: 160, rows: 50 });
  await driver.expectScreen('✓ load_trips ──');
  await driver.press('2', 'v');
  await driver.expectScreen(/│ ✓ load_trips +│ ─+┬─ │ ✓ clean_trips +│/);
  await driver.expectScreen(/╰─+╯/);
  await driver.press('v');
  await driver.expectScreen(/╰─+┬─+╯/);
  await driver.expectScreen(/\d ▾/);
  await driver.press('g', 'j');
  await driver.expectSelected('clean_trips');
  await driver.press('v');
  await driver.expectScreen('rails');
  await driver.quit();
  const next = workbench(completed(), { memory, columns: 160, rows: 50 });
  await next.expectScreen('rails');
});

test('z f shows a block with what is above and below it alone, z f again all', async () => {
  const driver = workbench(completed(), { columns: 160, rows: 50 });
  await driver.expectScreen('✓ load_trips ──');
  await driver.press('2', 'g', 'l', 'l', 'z');
  await driver.expectFooter('z …  f only this');
  await driver.press('f');
  await driver.expectScreen('only round export_trips, z f shows all');
  await driver.expectScreen('✓ trips_per_zone');
  await driver.expectMissing('quality_report');
  await driver.press('z', 'f');
  await driver.expectScreen('quality_report');
});

test('u and d let what is up- and downstream stand out: the rest is dim', async () => {
  const driver = workbench(completed(), { columns: 160, rows: 50 });
  await driver.expectScreen('✓ load_trips ──');
  await driver.press('2', 'g', 'l', 'd');
  await driver.expectScreen('downstream');
  const dim = (name: string): boolean => {
    const buffer = driver.terminal.buffer.active;
    const row = driver
      .screen()
      .split('\n')
      .findIndex((line) => line.includes(`✓ ${name}`));
    const line = buffer.getLine(buffer.viewportY + row)!;
    const column = line.translateToString().indexOf(name);
    return line.getCell(column)!.isDim() !== 0;
  };
  await driver.settle();
  expect(['load_trips', 'load_zones', 'export_trips', 'quality_report'].map(dim)).toEqual([true, true, false, false]);
  await driver.press('u');
  await driver.expectScreen('upstream');
  await driver.settle();
  expect(['load_trips', 'load_zones', 'export_trips', 'quality_report'].map(dim)).toEqual([false, false, true, true]);
});

test('a picture wider than its pane has a map in its last row', async () => {
  const names = Array.from({ length: 14 }, (_, index) => `step_number_${index}`);
  const shape = Object.fromEntries(names.map((name, index) => [name, index === 0 ? [] : [names[index - 1]!]]));
  const source = new FakeSource({ projects: [projectOf('taxi', [pipelineOf('taxi', 'yellow_taxi', shape)])] });
  source.addCompletedRun(taxi, 'yellow_taxi');
  const driver = workbench(source, { columns: 160, rows: 50 });
  await driver.press('2', 'g');
  await driver.expectScreen(/\d+ ▶/);
  await driver.expectScreen(/█[·█]+/);
  await driver.expectSelected(/█[·█]+/);
});
