import { describe, expect, test } from 'vitest';
import { WandError } from '../../../src/problem/wand-error.ts';
import { FakeSource } from '../../driver/fake-source.ts';
import { taxi, workbench } from '../../driver/open.ts';

const completed = (): FakeSource => {
  const source = new FakeSource();
  source.addCompletedRun(taxi, 'yellow_taxi');
  return source;
};

/** A workbench on run 11 with clean_trips selected. */
const onCleanTrips = async (source: FakeSource) => {
  const driver = workbench(source);
  await driver.expectScreen('✓ clean_trips');
  await driver.press('l');
  await driver.expectSelected('clean_trips');
  return driver;
};
const base = { projectPath: taxi, pipeline: 'yellow_taxi', runId: '11' };

describe('the plan of a rerun', () => {
  test('says what runs, what is reused, what is written, the code, the time and the command', async () => {
    const driver = await onCleanTrips(completed());
    await driver.press('R');
    await driver.expectScreen('rerun from clean_trips: the plan');
    await driver.expectScreen(/run again +clean_trips, .* about 7\.0s/);
    await driver.expectScreen(/reuse +load_trips of run 11 \(1,369,765 rows\), load_zones of run 11/);
    await driver.expectScreen(/writes +ny_taxi.yellow_cab_data {2}replace {2}about 1,000,000 rows now/);
    await driver.expectScreen(/code +as it is now \(transformers\/clean_trips.ts changed since run 11\)/);
    await driver.expectScreen('wand run yellow_taxi --from clean_trips');
    await driver.expectScreen('enter runs');
  });

  test.each([
    ['R', { from: 'clean_trips' }],
    ['B', { block: 'clean_trips' }],
    ['U', { upto: 'clean_trips' }],
  ])('%s and enter ask for that form', async (key, form) => {
    const source = completed();
    const driver = await onCleanTrips(source);
    await driver.press(key);
    await driver.expectScreen('the plan');
    await driver.press('enter');
    await driver.expectFooter('run 12 started');
    expect(source.requests).toEqual([{ ...base, ...form }]);
  });

  test('f reruns what failed, and where nothing failed it says so', async () => {
    const source = completed();
    const driver = await onCleanTrips(source);
    await driver.press('f');
    await driver.expectFooter('f: nothing failed in this run');
    const failed = new FakeSource();
    failed.addFailedRun(taxi, 'api_to_postgres', 'transform_taxi_data');
    const other = workbench(failed, { start: { pipeline: 'api_to_postgres' } });
    await other.expectScreen('cannot convert float');
    await other.press('f');
    await other.expectScreen('rerun what failed in run 11: the plan');
    await other.press('enter');
    await other.expectFooter('run 12 started');
    expect(failed.requests).toEqual([{ projectPath: taxi, pipeline: 'api_to_postgres', failed: true, runId: '11' }]);
  });

  test('A edits the variables at once; a line that cannot be read says why', async () => {
    const source = completed();
    const driver = await onCleanTrips(source);
    await driver.press('A');
    await driver.expectScreen('name=value name=value');
    await driver.press('nonsense', 'enter');
    await driver.expectScreen('nonsense: expected name=value');
    await driver.press('ctrl-u', `source='my trips.csv' count=3`, 'enter');
    await driver.expectScreen(/variables +source = my trips.csv · count = 3/);
    await driver.press('d', 'ctrl-u', '2021-13-01', 'enter');
    await driver.expectScreen('2021-13-01 is no date');
    await driver.press('ctrl-u', '2021-01-31', 'enter');
    await driver.expectMissing('is no date');
    await driver.press('enter');
    await driver.expectFooter('run 12 started');
    expect(source.requests).toEqual([
      { ...base, variables: { source: 'my trips.csv', count: 3 }, date: '2021-01-31T00:00:00.000Z' },
    ]);
  });

  test('an edit before the tables are counted does not lose how many rows they have', async () => {
    const source = completed();
    const { promise, resolve } = Promise.withResolvers<void>();
    const { listTables } = source;
    source.listTables = async () => promise.then(listTables);
    const driver = workbench(source);
    await driver.expectScreen('✓ clean_trips');
    await driver.press('A');
    await driver.expectScreen('enter keeps');
    await driver.press(...'a=1', 'enter');
    await driver.expectScreen('a = 1');
    resolve();
    await driver.expectScreen('about 1,000,000 rows now');
  });

  test('t asks for the code as the run before had it; esc leaves all as it was', async () => {
    const source = completed();
    const driver = await onCleanTrips(source);
    await driver.press('R', 't');
    await driver.expectScreen('as run 11 had it');
    await driver.press('esc');
    await driver.expectMissing('the plan');
    expect(source.requests).toEqual([]);
  });

  test('what makes a rerun impossible is said in its place, and enter does not run', async () => {
    const source = completed();
    const driver = await onCleanTrips(source);
    source.failWith = new WandError('nothing-to-build-on', 'no run has load_zones', { fix: 'run it first' });
    await driver.press('R');
    await driver.expectScreen('no run has load_zones');
    source.failWith = null;
    await driver.press('enter');
    await driver.expectFooter('enter: no run has load_zones');
    expect(source.requests).toEqual([]);
  });

  test('keeps its command and its keys on a small screen', async () => {
    const driver = workbench(completed(), { columns: 60, rows: 12 });
    await driver.expectScreen('✓ clean_trips');
    await driver.press('j', 'R');
    await driver.expectScreen('more on a larger screen');
    await driver.expectScreen('enter runs');
    await driver.press('v');
    await driver.expectScreen('name=value');
  });

  test('. asks for the same once more', async () => {
    const source = completed();
    const driver = await onCleanTrips(source);
    await driver.press('.');
    await driver.expectFooter('.: nothing was run from this workbench yet');
    await driver.press('R', 'enter');
    await driver.expectFooter('run 12 started');
    // Run 12 has not ended: a second one beside it is asked for.
    await driver.press('.');
    await driver.expectScreen('run yellow_taxi a second time?');
    await driver.press('y');
    await driver.expectFooter('run 13 started');
    expect(source.requests[1]).toEqual(source.requests[0]);
  });
});
