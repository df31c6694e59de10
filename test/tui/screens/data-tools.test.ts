import { describe, expect, test } from 'vitest';
import { WandError } from '../../../src/problem/wand-error.ts';
import { FakeSource } from '../../driver/fake-source.ts';
import { taxi, workbench } from '../../driver/open.ts';

const rows = async (runs = 1) => {
  const source = new FakeSource();
  for (let run = 0; run < runs; run++) source.addCompletedRun(taxi, 'yellow_taxi');
  const driver = workbench(source);
  await driver.expectScreen('✓ load_trips');
  await driver.press('5');
  await driver.expectScreen('passenger_count');
  return { source, driver };
};

describe('export', () => {
  test('writes the rows as they are shown, in the format of tab, and asks before it replaces a file', async () => {
    const { source, driver } = await rows();
    await driver.press('l', 's', 'l', 'H', 'E');
    await driver.expectScreen('load_trips.csv');
    await driver.press('tab', 'tab', 'tab');
    await driver.expectScreen('load_trips.parquet');
    await driver.press('\u0015', ...'there.csv', 'enter');
    await driver.expectScreen('enter again replaces it');
    expect(source.data.exported).toHaveLength(1);
    await driver.press('enter');
    await driver.expectFooter('1,234 rows written to /home/me/there.csv');
    expect(source.data.exported[1]).toMatchObject({
      format: 'parquet',
      replace: true,
      sort: { column: 'passenger_count', descending: false },
    });
    expect(source.data.exported[1]!.columns).not.toContain('trip_distance');
  });

  test('another path than the one that is there is not replaced', async () => {
    const { source, driver } = await rows();
    await driver.press('E', '\u0015', ...'there.csv', 'enter');
    await driver.expectScreen('enter again replaces it');
    await driver.press('x', 'enter');
    await driver.expectFooter('there.csvx');
    expect(source.data.exported.map(({ replace }) => replace)).toEqual([false, false]);
  });
});

describe('the comparison with another run', () => {
  test('takes the last good run before, shows what differs, goes on to others, and takes a key', async () => {
    const { source, driver } = await rows(3);
    await driver.press('D');
    await driver.expectScreen('run 12 → run 13');
    await driver.expectScreen('+2 added');
    await driver.expectScreen('column tip int64 → float64');
    await driver.expectScreen(/< +9 +1\.5 +Bronx/);
    await driver.press(']');
    await driver.expectScreen('run 11 → run 13');
    await driver.press('=', '\u0015', ...'zone, fare', 'enter');
    await driver.expectScreen('matched by zone, fare');
    expect(source.data.compared.at(-1)).toEqual({ left: '11', right: '13', key: ['zone', 'fare'] });
  });

  test('says so where there is no other run', async () => {
    const { driver } = await rows(1);
    await driver.press('D');
    await driver.expectScreen('There is no other run');
  });
});

describe('the SQL console', () => {
  test('shows the answer in the grid, sorts numbers as numbers, keeps the statement', async () => {
    const { source, driver } = await rows();
    await driver.press('Q');
    await driver.expectScreen('SQL dev read-only');
    await driver.press(...'select 1', 'enter');
    await driver.expectScreen('Astoria');
    await driver.expectScreen('console');
    await driver.press('l', 's');
    await driver.expectScreen(/1 │ Harlem +│ +9/);
    await driver.press('h', 'H', 'E', 'enter');
    await driver.expectFooter('rows written to');
    expect(source.data.exported.at(-1)).toMatchObject({ columns: ['trips'], path: 'result.csv' });
    expect(source.data.exportedFrom.at(-1)).toEqual({
      kind: 'rows',
      columns: [{ name: 'trips', type: 'int64' }],
      rows: [['9'], ['10']],
    });
    await driver.press('Q', 'up');
    await driver.expectScreen('select 1');
    expect(source.data.kept).toMatchObject({ sql: ['select 1'] });
    await driver.press('esc', 'esc');
    await driver.expectScreen('passenger_count');
    await driver.press('Q', 'up', 'enter');
    await driver.expectScreen('console');
    // A block that is chosen takes the place of the answer.
    await driver.press('2', 'l', '5');
    await driver.expectScreen('clean_trips output_0');
  });

  test('may write only when asked, on the profile that tab chooses', async () => {
    const { source, driver } = await rows();
    source.data.answer = { command: 'UPDATE', columns: [], rows: [], affected: 1_200, truncated: false };
    await driver.press('Q');
    await driver.expectScreen('SQL dev read-only');
    await driver.press('tab', '\u0012', ...'update zones set a = 1 where b');
    await driver.expectScreen('SQL warehouse may write');
    await driver.press('enter');
    await driver.expectScreen('UPDATE 1,200');
    expect(source.data.statements).toEqual([
      { sql: 'update zones set a = 1 where b', write: true, profile: 'warehouse' },
    ]);
  });

  test('what cannot be taken back wants its name typed; esc leaves the console as it was', async () => {
    const { source, driver } = await rows();
    source.data.answer = { command: 'DROP TABLE', columns: [], rows: [], affected: null, truncated: false };
    await driver.press('Q');
    await driver.expectScreen('SQL dev read-only');
    await driver.press('\u0012', ...'drop table zones');
    await driver.expectScreen('may write');
    await driver.press('enter');
    await driver.expectScreen('drop zones?');
    await driver.expectScreen('In the database of profile dev.');
    await driver.press('y', 'enter');
    await driver.expectFooter('type the name first');
    await driver.press('esc');
    await driver.expectScreen('drop table zones');
    expect(source.data.statements).toEqual([]);
    await driver.press('enter');
    await driver.expectScreen('type zones:');
    await driver.press(...'zones', 'enter');
    await driver.expectScreen('DROP TABLE');
    expect(source.data.statements).toEqual([{ sql: 'drop table zones', write: true, profile: 'dev' }]);
  });

  test('puts the cursor where the mistake is', async () => {
    const { source, driver } = await rows();
    const cause = Object.assign(new Error('x'), { position: '8' });
    source.data.answer = new WandError('sql-error', 'column "nope" does not exist at line 1, column 8: nope', {
      cause,
    });
    await driver.press('Q', ...'select nope from t', 'enter');
    await driver.expectScreen('column "nope" does not exist');
    await driver.press('X');
    await driver.expectScreen('select Xnope from t');
  });

  test('esc stops a statement that runs', async () => {
    const { source, driver } = await rows();
    source.data.answer = 'never';
    await driver.press('Q', ...'select pg_sleep(100)', 'enter');
    await driver.expectScreen('esc stops it');
    await driver.press('esc');
    await driver.expectScreen('stopped');
    await driver.press('esc');
    await driver.expectMissing('pg_sleep');
  });

  test('a statement of several lines, pasted, is moved in and run as it is', async () => {
    const { source, driver } = await rows();
    await driver.press('Q', '\u001b[200~select a -- comment\nfrom t\u001b[201~', 'up', '0', 'enter');
    await expect.poll(() => source.data.statements.at(-1)?.sql).toBe('select0 a -- comment\nfrom t');
  });
});

describe('the tree of tables', () => {
  test('unfolds columns and indexes, folds schemas, and opens rows from anywhere below a table', async () => {
    const { driver } = await rows();
    await driver.press('T');
    await driver.expectScreen('▸ yellow_cab_data');
    await driver.press('\u001b[B', '\u001b[B', '\u001b[C');
    await driver.expectScreen(/zone_id +int64 not null/);
    await driver.expectScreen(/primary key zones_pkey btree \(zone_id\) +16 kB/);
    await driver.press('\u001b[C', 'enter');
    await driver.expectScreen('ny_taxi.zones');
    await driver.press('T');
    await driver.expectScreen('▸ yellow_cab_data');
    await driver.press('\u001b[D', '\u001b[D');
    await driver.expectScreen('▸ ny_taxi');
    await driver.expectMissing('▸ yellow_cab_data');
  });
});

test('9 shows the chart blocks of the pipeline, and why one cannot be drawn', async () => {
  const without = await rows();
  await without.driver.press('9');
  await without.driver.expectFooter('has no chart blocks');
  const source = new FakeSource();
  source.addCompletedRun(taxi, 'yellow_taxi');
  const pipeline = source.projects[0]!.pipelines.find(({ uuid }) => uuid === 'yellow_taxi')!;
  pipeline.charts = [{ ...pipeline.blocks[0]!, uuid: 'borough_chart', type: 'chart' }];
  const driver = workbench(source);
  await driver.expectScreen('✓ load_trips');
  await driver.press('9');
  await driver.expectScreen(/Queens █+ 1,000/);
  await driver.expectScreen('a chart of type custom cannot be drawn here');
});
