import { describe, expect, test } from 'vitest';
import { FakeSource } from '../../driver/fake-source.ts';
import { taxi, workbench } from '../../driver/open.ts';

describe('the panes', () => {
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
    await driver.expectScreen(/▾ ny_taxi +3 tables[\s\S]*▸ yellow_cab_data +~1M rows/);
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

  test('enter after a filter of the tree opens the pipeline that fits, not the project above it', async () => {
    const driver = workbench(new FakeSource(), { start: { pipeline: 'yellow_taxi' } });
    await driver.expectScreen('taxi ▸ yellow_taxi');
    await driver.press('1', '/', ...'api', 'enter', 'enter');
    await driver.expectScreen('taxi ▸ api_to_postgres');
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
});
