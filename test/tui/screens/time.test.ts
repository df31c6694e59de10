import { expect, test } from 'vitest';
import { FakeSource } from '../../driver/fake-source.ts';
import { taxi, workbench } from '../../driver/open.ts';

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 2, 7, 31) + seconds * 1_000).toISOString();

/** Two runs of yellow_taxi: 11 was quick, 12 waited, tried export_trips twice and took longer to clean. */
const twoRuns = (): FakeSource => {
  const source = new FakeSource();
  source.addCompletedRun(taxi, 'yellow_taxi');
  const id = source.addCompletedRun(taxi, 'yellow_taxi');
  const times: Record<string, [number, number]> = {
    load_trips: [0, 2.4],
    load_zones: [0, 0.04],
    clean_trips: [2.4, 5.4],
    export_trips: [5.8, 9.3],
    quality_report: [5.4, 6.1],
    trips_per_zone: [9.3, 9.6],
  };
  for (const [uuid, [start, end]] of Object.entries(times)) {
    const attempt = uuid === 'export_trips' ? 2 : 1;
    source.setBlock(id, uuid, 'completed', { startedAt: at(start), finishedAt: at(end), attempt });
  }
  source.setBlock('11', 'clean_trips', 'completed', { startedAt: at(-100), finishedAt: at(-99), rows: 7 });
  source.setRun(id, { startedAt: at(0), finishedAt: at(9.6), variables: { month: '2021-01' } });
  source.setRun('11', { startedAt: at(-102), finishedAt: at(-98) });
  return source;
};

test('7 shows the run in time: bars, waits, the critical path, attempts, the last runs', async () => {
  const driver = workbench(twoRuns(), { columns: 120, rows: 36 });
  await driver.expectScreen('run 12');
  await driver.press('7');
  await driver.expectScreen('critical path 9.2s');
  await driver.expectScreen(/✓ load_trips +◆ ▓+ .*2\.4s +0ms +25 %/);
  await driver.expectScreen(/✓ load_zones {7}▓/);
  await driver.expectScreen(/✓ export_trips +◆ +░+▓+.*3\.5s +400ms/);
  await driver.expectScreen('attempt 2');
  await driver.expectScreen(/last 2 runs [▁▂▃▄▅▆▇█]{2}/);
  await driver.expectScreen('usual 4:00');
  await driver.press('g', 'j');
  await driver.expectSelected('load_zones');
  await driver.press('enter');
  await driver.expectScreen('reading the input of load_zones');
});

test('8 shows what is known of run and block, and compares with the run before; ] takes an older one', async () => {
  const source = twoRuns();
  const driver = workbench(source, { columns: 160, rows: 50 });
  await driver.expectScreen('run 12');
  await driver.press('8');
  await driver.expectScreen('month = 2021-01');
  await driver.expectScreen(/attempt 1 +completed .*1\.2s CPU +94 MB peak +box 5f0c2a11/);
  await driver.expectScreen('compared with run 11');
  await driver.expectScreen(/clean_trips +✓ completed +✓ completed +3\.0s +1\.0s +3\.0x +1,000,000 +7/);
  await driver.press('[');
  await driver.settle();
  expect(driver.screen()).toContain('compared with run 11');
});

test('the comparison fits a narrow pane: a status is its glyph there', async () => {
  const driver = workbench(twoRuns(), { columns: 80, rows: 24 });
  await driver.expectScreen('run 12');
  await driver.press('8');
  await driver.expectScreen('attempt 1');
  await driver.settle();
  await driver.press('G', 'ctrl-u');
  await driver.expectScreen(/clean_trips +✓ {2}✓ +3\.0s +1\.0s +3\.0x +1,000,000 +7 *│/);
});

test('below the comparison stands what made the other run another one: variables, settings, edges, code', async () => {
  const source = twoRuns();
  source.changes = {
    variables: [{ name: 'month', right: '2021-01' }],
    blocks: [
      { block: 'clean_trips', change: 'changed', upstream: { left: ['load_trips'], right: [] }, settings: [] },
      { block: 'load_zones', change: 'changed', upstream: null, settings: [{ name: 'timeout', left: 5, right: 9 }] },
    ],
    files: [
      {
        path: 'transformers/clean_trips.py',
        change: 'changed',
        blocks: ['clean_trips'],
        patch: ['@@ -7 +7 @@', '-    return old', '+    return data\u001b[31m'],
      },
      { path: 'io_config.yaml', change: 'changed', blocks: [], patch: null },
    ],
  };
  const driver = workbench(source, { columns: 160, rows: 50 });
  await driver.expectScreen('run 12');
  await driver.press('8');
  await driver.expectScreen('code and settings, run 11 → run 12');
  await driver.expectScreen('variable month: not there → 2021-01');
  await driver.expectScreen('block clean_trips reads load_trips → nothing');
  await driver.expectScreen('block load_zones timeout: 5 → 9');
  await driver.expectScreen(/transformers\/clean_trips\.py changed \(clean_trips\)/);
  await driver.expectScreen(/- {4}return old *│\n.*\+ {4}return data/);
  await driver.expectScreen('io_config.yaml changed');
});

test('a running run says about how long it will take, from what its blocks took before', async () => {
  const source = new FakeSource();
  source.addCompletedRun(taxi, 'yellow_taxi');
  const id = source.addRun(taxi, 'yellow_taxi', {});
  source.setBlock(id, 'load_trips', 'running');
  const driver = workbench(source, { columns: 160, rows: 40 });
  // Four blocks of a minute each follow each other.
  await driver.expectScreen(/0\/6 {2}about (4:00|3:5\d) left/);
});

test('the runs have their durations as bars where there is room', async () => {
  const driver = workbench(twoRuns(), { columns: 80, rows: 24 });
  await driver.expectScreen('run 12');
  await driver.press('3');
  await driver.expectScreen(/✓ 12 .* ▓{30} +9\.6s /);
  await driver.expectScreen(/✓ 11 .* ▓{13} +4\.0s /);
});
