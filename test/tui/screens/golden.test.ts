import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Driver } from '../../driver/driver.ts';
import { FakeSource } from '../../driver/fake-source.ts';

const taxi = '/home/me/course/taxi';
const zone = process.env.TZ;

beforeAll(() => {
  process.env.TZ = 'UTC';
  // Without fake timers this stops the clock and nothing else.
  vi.setSystemTime(new Date('2026-01-02T07:31:04Z'));
});
afterAll(() => {
  process.env.TZ = zone;
  vi.useRealTimers();
});

/** A run in the middle: two loads done, the cleaning at work. */
const halfway = (): FakeSource => {
  const source = new FakeSource({ rowCount: 1_369_765 });
  const id = source.addRun(taxi, 'yellow_taxi', { startedAt: '2026-01-02T07:30:57Z' });
  source.setBlock(id, 'load_trips', 'completed', { startedAt: '2026-01-02T07:31:02.800Z' });
  source.setBlock(id, 'load_zones', 'completed', { startedAt: '2026-01-02T07:31:03.959Z', rows: 265 });
  source.setBlock(id, 'clean_trips', 'running', { startedAt: '2026-01-02T07:31:01Z' });
  source.log(id, 'load_trips', 'reading load_trips (1,369,765 rows)');
  source.log(id, 'clean_trips', 'dropped 26,726 rows with passenger_count = 0', 'warning');
  return source;
};

test.each([
  [80, 24],
  [120, 36],
])('a running pipeline at %ix%i', async (columns, rows) => {
  const driver = new Driver(halfway(), { columns, rows, start: { pipeline: 'yellow_taxi' } });
  await driver.expectScreen('dropped 26,726 rows');
  await driver.settle();
  await expect(`${driver.screen()}\n`).toMatchFileSnapshot(`golden/running-${columns}x${rows}.txt`);
  await driver.quit();
});

test('a failed pipeline at 120x36', async () => {
  const source = new FakeSource({ rowCount: 1_369_765 });
  source.addFailedRun(taxi, 'api_to_postgres', 'transform_taxi_data');
  const driver = new Driver(source, { start: { pipeline: 'api_to_postgres' } });
  await driver.expectScreen('▸  9');
  await driver.settle();
  await expect(`${driver.screen()}\n`).toMatchFileSnapshot('golden/failed-120x36.txt');
  await driver.quit();
});

test('rows at 80x24', async () => {
  const source = new FakeSource({ rowCount: 1_369_765 });
  source.addCompletedRun(taxi, 'yellow_taxi');
  const driver = new Driver(source, { columns: 80, rows: 24, start: { pipeline: 'yellow_taxi' } });
  await driver.expectScreen('✓ load_trips');
  await driver.press('5');
  await driver.expectScreen('cell 1,1');
  await driver.settle();
  await expect(`${driver.screen()}\n`).toMatchFileSnapshot('golden/rows-80x24.txt');
  await driver.quit();
});
