import { expect, test } from 'vitest';
import { pipelineOf, projectOf } from '../../driver/fake-project.ts';
import { FakeSource } from '../../driver/fake-source.ts';
import { taxi, workbench } from '../../driver/open.ts';

const completed = (): FakeSource => {
  const source = new FakeSource();
  source.addCompletedRun(taxi, 'yellow_taxi');
  return source;
};

test('60x20 shows one pane at a time, the graph as rails', async () => {
  const driver = workbench(completed(), { columns: 60, rows: 20 });
  await driver.expectScreen('rails');
  await driver.expectScreen('✓ load_trips');
  await driver.press('7');
  await driver.expectScreen('7 Time');
  await driver.expectMissing('2 Graph');
  for (const row of driver.screen().split('\n')) expect(row.length).toBeLessThanOrEqual(60);
});

test('below 40x10 it says both sizes, and comes back when there is room', async () => {
  const driver = workbench(completed(), { columns: 39, rows: 9 });
  await driver.expectScreen('39x9, wand needs 40x10');
  await driver.resize(40, 10);
  await driver.expectScreen('load_trips');
});

test('300x100 with 500 blocks is drawn whole', async () => {
  const names = Array.from({ length: 500 }, (_, index) => `block_${index}`);
  const shape = Object.fromEntries(names.map((name, index) => [name, index === 0 ? [] : [names[(index - 1) >> 1]!]]));
  const source = new FakeSource({ projects: [projectOf('taxi', [pipelineOf('taxi', 'yellow_taxi', shape)])] });
  source.addCompletedRun(taxi, 'yellow_taxi');
  const driver = workbench(source, { columns: 300, rows: 100 });
  await driver.expectScreen('✓ block_0');
  await driver.expectScreen('rails');
  await driver.press('2', 'G');
  await driver.expectScreen(/✓ block_4\d\d/);
  await driver.press('7', 'G');
  await driver.expectScreen('critical path');
  await driver.settle();
  for (const row of driver.screen().split('\n')) expect(row.length).toBeLessThanOrEqual(300);
});

test('the theme follows what the terminal says of its background, and NO_COLOR takes all colours away', async () => {
  const driver = workbench(completed(), { columns: 120, rows: 36 });
  await driver.expectScreen('✓ load_trips');
  expect(driver.written).toContain('\u001b]11;?\u001b\\');
  await driver.settle();
  driver.takeBytes();
  await driver.press('\u001b]11;rgb:ffff/ffff/ffff\u001b\\');
  await driver.settle();
  // The keys in the footer are blue on light terminals.
  expect(driver.takeBytes()).toMatch(/\u001b\[(?:\d+;)*34(?:;\d+)*m/);
  const plain = workbench(completed(), { environment: { LANG: 'C.UTF-8', NO_COLOR: '1' } });
  await plain.expectScreen('✓ load_trips');
  await plain.settle();
  expect(plain.takeBytes()).not.toMatch(/\u001b\[(?:\d+;)*(?:3[0-7]|9[0-7])(?:;\d+)*m/);
});

test('ASCII only with WAND_ASCII', async () => {
  const driver = workbench(completed(), { environment: { LANG: 'C.UTF-8', WAND_ASCII: '1' } });
  await driver.expectScreen('+ load_trips');
  await driver.press('7');
  await driver.expectScreen('critical path');
  await driver.settle();
  expect(driver.screen()).toMatch(/^[\x20-\x7e\n]*$/);
});
