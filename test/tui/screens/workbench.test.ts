import { afterEach, describe, expect, test } from 'vitest';
import { WandError } from '../../../src/problem/wand-error.ts';
import { leaveScreen } from '../../../src/tui/term/session.ts';
import { Driver, type DriverOptions } from '../../driver/driver.ts';
import { FakeSource } from '../../driver/fake-source.ts';

const taxi = '/home/me/course/taxi';
const open: Driver[] = [];

const workbench = (source: FakeSource, options: DriverOptions = {}): Driver => {
  const driver = new Driver(source, { start: { pipeline: 'yellow_taxi' }, ...options });
  open.push(driver);
  return driver;
};

afterEach(async () => {
  for (const driver of open.splice(0)) await driver.quit();
});

describe('the workbench', () => {
  test('shows the tree, the graph and the empty log of a pipeline that never ran', async () => {
    const driver = workbench(new FakeSource());
    await driver.expectScreen('▾ taxi');
    await driver.expectScreen('load_trips ──');
    await driver.expectScreen('Nothing has run yet: press r');
  });

  test('r starts a run, which shows live with its clock, its rows and its log', async () => {
    const source = new FakeSource({ rowCount: 1_369_765 });
    const driver = workbench(source);
    await driver.expectScreen('no runs yet');
    await driver.press('r');
    await driver.expectFooter('run 11 started');
    source.setBlock('11', 'load_trips', 'running');
    await driver.expectScreen(/● load_trips/);
    source.log('11', 'load_trips', 'reading 1,369,765 rows');
    await driver.expectScreen('reading 1,369,765 rows');
    source.setBlock('11', 'load_trips', 'completed');
    await driver.expectScreen('✓ load_trips');
    await driver.expectScreen('1.37M');
    await driver.expectScreen('1/6');
  });

  test('R reruns from the selected block of the shown run', async () => {
    const source = new FakeSource();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source);
    await driver.expectScreen('✓ clean_trips');
    await driver.press('l');
    await driver.expectSelected('clean_trips');
    await driver.press('R');
    await driver.expectFooter('run 12 started');
    expect(source.requests).toEqual([{ projectPath: taxi, pipeline: 'yellow_taxi', from: 'clean_trips', runId: '11' }]);
  });

  test('x asks by name before it cancels, and no leaves the run alone', async () => {
    const source = new FakeSource();
    source.addRun(taxi, 'yellow_taxi', {});
    const driver = workbench(source);
    await driver.expectScreen('run 11 ●');
    await driver.press('x');
    await driver.expectScreen('cancel run 11 of yellow_taxi?');
    await driver.press('n');
    await driver.expectMissing('cancel run 11');
    expect(source.cancelled).toEqual([]);
    await driver.press('x');
    await driver.expectScreen('cancel run 11 of yellow_taxi?');
    await driver.press('y');
    await driver.expectScreen('run 11 ⊘');
    expect(source.cancelled).toEqual(['11']);
  });

  test('a key that cannot work says why', async () => {
    const driver = workbench(new FakeSource());
    await driver.expectScreen('no runs yet');
    await driver.press('x');
    await driver.expectFooter('x: there is no run to cancel');
    await driver.press('n');
    await driver.expectFooter('n: no block failed in this run');
    await driver.press('Z');
    await driver.expectFooter('Z does nothing here');
  });

  test('a failed run opens on the message, the file and the line, then the log', async () => {
    const source = new FakeSource();
    source.addFailedRun(taxi, 'api_to_postgres', 'transform_taxi_data');
    const driver = workbench(source, { start: { pipeline: 'api_to_postgres' } });
    await driver.expectScreen('cannot convert float NaN to integer');
    await driver.expectScreen('transformers/transform_taxi_data.py:9');
    await driver.expectScreen('▸  9          data[column] = [int(value)');
    await driver.expectScreen('not run because of it: taxi_data_to_postgres, check_counts');
    const rows = driver.screen().split('\n');
    const rowOf = (text: string): number => rows.findIndex((row) => row.includes(text));
    expect(rowOf('cannot convert float')).toBeLessThan(rowOf('transform_taxi_data.py:9'));
    expect(rowOf('transform_taxi_data.py:9')).toBeLessThan(rowOf('Traceback'));
  });

  test('rows: types in the header, NULL apart from empty text, to the last row and the last column', async () => {
    const source = new FakeSource();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source);
    await driver.expectScreen('✓ load_trips');
    await driver.press('5');
    await driver.expectScreen('passenger_count');
    await driver.expectScreen('timestamp');
    await driver.expectScreen('∅');
    await driver.expectScreen('1,000,000 rows');
    await driver.press('G');
    await driver.expectScreen('cell 1,000,000,1');
    await driver.press('$');
    await driver.expectScreen('end of row 1000000');
    await driver.press('g');
    await driver.expectScreen('end of row 1 ');
    expect(Math.max(...source.pages.map(({ limit }) => limit))).toBeLessThanOrEqual(200);
  });

  test('holding j through many rows keeps only a few pages', async () => {
    const source = new FakeSource();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source);
    await driver.expectScreen('✓ load_trips');
    await driver.press('5');
    await driver.expectScreen('passenger_count');
    await driver.press('j'.repeat(500));
    await driver.expectScreen('cell 501,1');
    await driver.expectScreen('501 │');
  });

  test('T lists the tables of the project and shows one', async () => {
    const driver = workbench(new FakeSource());
    await driver.expectScreen('no runs yet');
    await driver.press('T');
    await driver.expectScreen('ny_taxi.yellow_cab_data');
    await driver.press('z', 'o', 'n', 'e', 's');
    await driver.expectMissing('yellow_cab_data');
    await driver.press('enter');
    await driver.expectScreen('~1,000,000 rows');
  });

  test('the log follows until one scrolls up, and L follows again', async () => {
    const source = new FakeSource();
    const id = source.addRun(taxi, 'yellow_taxi', {});
    for (let line = 1; line <= 100; line++) source.log(id, 'load_trips', `line number ${line}`);
    const driver = workbench(source);
    await driver.expectScreen('line number 100');
    await driver.press('4', 'ctrl-u');
    await driver.expectScreen('L follows');
    source.log(id, 'load_trips', 'line number 101');
    await driver.settle();
    expect(driver.screen()).not.toContain('line number 101');
    await driver.press('L');
    await driver.expectScreen('line number 101');
  });

  test('/ searches the log and n goes on', async () => {
    const source = new FakeSource();
    const id = source.addRun(taxi, 'yellow_taxi', {});
    for (let line = 1; line <= 200; line++)
      source.log(id, 'load_trips', line % 50 === 0 ? `needle ${line}` : `hay ${line}`);
    const driver = workbench(source);
    await driver.expectScreen('needle 200');
    await driver.press('4', 'g', '/', 'n', 'e', 'e', 'd', 'l', 'e', 'enter');
    await driver.expectSelected('needle 50');
    await driver.press('n');
    await driver.expectSelected('needle 100');
  });

  test('/ filters the tree', async () => {
    const driver = workbench(new FakeSource());
    await driver.expectScreen('orders');
    await driver.press('1', '/', 'a', 'p', 'i', 'enter');
    await driver.expectMissing('orders');
    await driver.expectScreen('api_to_postgres');
  });

  test('? lists what works here, and filters', async () => {
    const driver = workbench(new FakeSource());
    await driver.expectScreen('no runs yet');
    await driver.press('?');
    await driver.expectScreen('Run the open pipeline');
    await driver.press('c', 'a', 'n', 'c', 'e', 'l');
    await driver.expectScreen('Cancel the shown run');
    await driver.expectMissing('Run the open pipeline');
  });

  test('an error of the source is shown with its way out, and the screen lives on', async () => {
    const source = new FakeSource();
    const driver = workbench(source);
    await driver.expectScreen('no runs yet');
    source.failWith = new WandError('database-unreachable', 'no answer from db:5432', {
      fix: 'Start it with: wand db start',
    });
    await driver.press('r');
    await driver.expectFooter('no answer from db:5432');
    await driver.expectFooter('wand db start');
    source.failWith = null;
    await driver.press('r');
    await driver.expectFooter('run 11 started');
  });

  test('hostile names and log lines are shown, never executed', async () => {
    const source = new FakeSource();
    const id = source.addRun(taxi, 'yellow_taxi', {});
    source.log(id, 'load_trips', 'before\u001b[2J\u001b]0;owned\u0007after\u202e');
    const driver = workbench(source);
    await driver.expectScreen('before^[[2J^[]0;owned^Gafter<U+202E>');
    await driver.expectScreen('▾ taxi');
  });

  test('q quits at the graph and says how to come back; the run goes on', async () => {
    const source = new FakeSource();
    source.addRun(taxi, 'yellow_taxi', {});
    const driver = new Driver(source, { start: { pipeline: 'yellow_taxi' } });
    await driver.expectScreen('run 11 ●');
    await driver.press('q');
    expect(await driver.exitCode).toBe(0);
    await driver.settle();
    expect(driver.screen()).toContain('taxi / yellow_taxi\nrun 11: running for');
    expect(driver.screen()).toContain('wand show 11');
    expect(source.cancelled).toEqual([]);
  });

  test('a terminal that hangs up ends it quietly, restored', async () => {
    const driver = new Driver(new FakeSource(), { start: { pipeline: 'yellow_taxi' } });
    await driver.expectScreen('▾ taxi');
    driver.hangUp();
    expect(await driver.exitCode).toBe(0);
    expect(driver.written.endsWith(leaveScreen)).toBe(true);
  });

  test('pasted keys arrive one by one', async () => {
    const source = new FakeSource();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source);
    await driver.expectScreen('✓ load_trips');
    await driver.press('lll');
    await driver.expectSelected('trips_per_zone');
  });
});

describe('bytes', () => {
  test('moving a row of the data costs fewer than 400 bytes, and standing still none', async () => {
    const source = new FakeSource();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source, { columns: 200, rows: 60 });
    await driver.expectScreen('✓ load_trips');
    await driver.press('5');
    await driver.expectScreen('cell 1,1');
    await driver.press('j', 'j');
    await driver.expectScreen('cell 3,1');
    await driver.settle();
    driver.takeBytes();
    await driver.press('j');
    await driver.expectScreen('cell 4,1');
    await driver.settle();
    const bytes = driver.takeBytes();
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.length).toBeLessThan(400);
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect(driver.takeBytes()).toBe('');
  });

  test('what the terminal shows after many changes is what a fresh one would show', async () => {
    const source = new FakeSource();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source);
    await driver.expectScreen('✓ load_trips');
    await driver.press('5', 'j', 'j', 'l', 'l', 'G', '4', '?', 'esc', '2', 'l', '6', 'g', '1', '2');
    await driver.settle();
    const before = driver.screen();
    await driver.resize(120, 35);
    await driver.settle();
    await driver.resize(120, 36);
    await driver.settle();
    expect(driver.screen()).toBe(before);
  });
});

describe('sizes', () => {
  test('80x24: lists fold away and come back over the graph', async () => {
    const driver = workbench(new FakeSource(), { columns: 80, rows: 24 });
    await driver.expectScreen('tree(1) runs(3)');
    await driver.expectMissing('1 Pipelines');
    await driver.press('1');
    await driver.expectScreen('1 Pipelines');
    await driver.expectMissing('2 Graph');
    await driver.press('3');
    await driver.expectScreen('3 Runs');
    await driver.press('esc');
    await driver.expectScreen('2 Graph');
  });

  test('60x20: one pane at a time, the graph as rails', async () => {
    const source = new FakeSource();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source, { columns: 60, rows: 19 });
    await driver.expectScreen('rails');
    await driver.expectScreen(/✓ load_zones .*│ ✓/);
    await driver.press('4');
    await driver.expectScreen('load_trips     reading the input of');
    await driver.expectMissing('2 Graph');
  });

  test('under 40x10 a notice with both sizes, and back', async () => {
    const driver = workbench(new FakeSource(), { columns: 39, rows: 9 });
    await driver.expectScreen('39x9, wand needs 40x10');
    await driver.resize(120, 36);
    await driver.expectScreen('▾ taxi');
  });

  test('NO_COLOR leaves no colour on the screen', async () => {
    const source = new FakeSource();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source, { environment: { LANG: 'C.UTF-8', NO_COLOR: '1' } });
    await driver.expectScreen('✓ load_trips');
    expect(driver.written).not.toMatch(/\u001b\[(?:[0-9;]*;)?(?:3[0-7]|4[0-7]|9[0-7]|10[0-7])(?:;[0-9;]*)?m/);
  });

  test('without UTF-8 everything drawn is ASCII', async () => {
    const source = new FakeSource();
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = workbench(source, { environment: { LANG: 'C.ISO-8859-1' } });
    await driver.expectScreen('+ load_trips');
    expect(driver.screen()).toMatch(/^[\x00-\x7f]*$/);
  });
});
