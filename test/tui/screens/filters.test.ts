import { expect, test } from 'vitest';
import { FakeSource } from '../../driver/fake-source.ts';
import { memoryOf } from '../../driver/memory.ts';
import { taxi, workbench } from '../../driver/open.ts';

const source = (): FakeSource => {
  const made = new FakeSource();
  made.addCompletedRun(taxi, 'yellow_taxi');
  made.addFailedRun(taxi, 'api_to_postgres', 'transform_taxi_data');
  const long = made.addCompletedRun(taxi, 'yellow_taxi');
  made.setRun(long, { startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:10:00Z' });
  return made;
};

test('/ in the runs narrows them by fields, esc brings them back, up recalls the filter', async () => {
  const driver = workbench(source());
  await driver.expectScreen('run 13 ✓');
  await driver.press('3', '/', 'dur>5m');
  await driver.expectScreen('/dur>5m');
  await driver.expectMissing('✓ 11');
  await driver.press('enter', 'enter');
  await driver.expectScreen('run 13 ✓');
  await driver.press('3', 'esc');
  await driver.expectScreen('✓ 11');
  await driver.press('3', '/', 'up');
  await driver.expectFooter('/dur>5m');
  await driver.press('enter', '/', 'ctrl-u', 'state:failed', 'enter');
  await driver.expectScreen('no run fits the filter');
  await driver.press('enter');
  await driver.expectFooter('enter: no run fits the filter');
});

test('/ in the tree knows the last run of each pipeline, and says what it does not understand', async () => {
  const driver = workbench(source());
  await driver.expectScreen('run 13 ✓');
  await driver.press('1', '/', 'state:failed');
  await driver.expectMissing('orders');
  await driver.expectScreen('api_to_postgres');
  await driver.press(' colour:red');
  await driver.expectFooter('there is no field colour');
  await driver.press('esc');
  await driver.expectScreen('orders');
});

test('a filter and what was typed before come back with the next start', async () => {
  const memory = memoryOf();
  const first = workbench(source(), { memory });
  await first.expectScreen('run 13 ✓');
  await first.press('3', '/', 'dur>5m', 'enter');
  await first.expectScreen('/dur>5m');
  expect(await first.quit()).toBe(0);
  const second = workbench(source(), { memory });
  await second.expectScreen('/dur>5m');
  await second.press('3', '/', 'ctrl-u', 'up');
  await second.expectFooter('/dur>5m');
});
