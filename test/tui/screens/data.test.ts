import { describe, expect, test } from 'vitest';
import { WandError } from '../../../src/problem/wand-error.ts';
import { FakeSource } from '../../driver/fake-source.ts';
import { memoryOf } from '../../driver/memory.ts';
import { taxi, workbench } from '../../driver/open.ts';

const rows = async (options: { columns?: number; rows?: number } = {}) => {
  const source = new FakeSource();
  source.addCompletedRun(taxi, 'yellow_taxi');
  const driver = workbench(source, options);
  await driver.expectScreen('✓ load_trips');
  await driver.press('5');
  await driver.expectScreen('passenger_count');
  return { source, driver };
};

describe('the rows', () => {
  test('have a little histogram of each column in the header, with the share of NULL', async () => {
    const { driver } = await rows();
    await driver.expectScreen(/█▄▁ 14 % ∅/);
  });

  test('s sorts, s again turns round, and once more gives the order of storage back', async () => {
    const { source, driver } = await rows();
    await driver.press('l', 'l', 's');
    await driver.expectScreen('trip_distance ▴');
    await expect.poll(() => source.asked.at(-1)?.sort).toEqual({ column: 'trip_distance', descending: false });
    await driver.press('s');
    await driver.expectScreen('trip_distance ▾');
    await driver.press('s');
    await driver.expectMissing('trip_distance ▾');
    await expect.poll(() => source.asked.at(-1)?.sort).toBeUndefined();
  });

  test('/ takes a condition, keeps it for the next time, and esc takes it away', async () => {
    const { source, driver } = await rows();
    await driver.press('/', ...'fare_amount > 5', 'enter');
    await driver.expectScreen('where fare_amount > 5');
    await expect.poll(() => source.asked.at(-1)?.where).toBe('fare_amount > 5');
    await driver.press('esc');
    await driver.expectMissing('where fare_amount');
    await driver.press('/', 'up');
    await driver.expectScreen('fare_amount > 5');
    expect(source.data.kept).toMatchObject({ where: ['fare_amount > 5'] });
  });

  test('= and ~ narrow to the value under the cursor, NULL too', async () => {
    const { source, driver } = await rows();
    await driver.press('l', 'j', 'j', 'j', '=');
    await expect.poll(() => source.asked.at(-1)?.where).toBe('"passenger_count" IS NULL');
    await driver.press('h', '~');
    await expect
      .poll(() => source.asked.at(-1)?.where)
      .toBe(`("passenger_count" IS NULL) AND "tpep_pickup_datetime" IS DISTINCT FROM '2021-01-01 00:41:07'`);
  });

  test('a condition that does not work says so, and the old one can be mended', async () => {
    const { source, driver } = await rows();
    source.pageError = new WandError('invalid-where', 'The condition "nope" does not work', {
      fix: 'Write a condition',
    });
    await driver.press('/', ...'nope', 'enter');
    await driver.expectScreen('does not work');
    source.pageError = null;
    await driver.press('/', 'ctrl-u', 'enter');
    await driver.expectScreen('passenger_count');
  });

  test('the old rows stay in sight, marked, while new ones are read; what nobody waits for is cancelled', async () => {
    const { source, driver } = await rows();
    const held = source.holdPages();
    await driver.press('l', 's');
    await driver.expectScreen('reading');
    expect(driver.screen()).toContain('2021-01-01 00:41:07');
    await driver.press('s');
    await expect.poll(() => held.cancelled).toBe(1);
    held.release();
    await driver.expectMissing('reading');
    expect(source.asked.at(-1)?.sort).toEqual({ column: 'passenger_count', descending: true });
  });

  test('a held page key asks for what is seen in the end, not for all on the way', async () => {
    const { source, driver } = await rows();
    await driver.settle();
    const before = source.pages.length;
    await driver.press('\u0006'.repeat(400));
    await driver.expectScreen(/│ *\d,\d{3}|\d{4} │/);
    await driver.settle();
    expect(source.pages.length - before).toBeLessThan(15);
  });

  test('c hides columns and shows them again; the cursor stays on its own', async () => {
    const { driver } = await rows();
    await driver.press('l', 'l', 'c', ...'passenger', 'enter', 'esc');
    await driver.expectMissing('passenger_count');
    await driver.expectScreen('1 hidden');
    await driver.expectScreen('cell 1,2');
    await driver.press('c', '\u0001', 'esc');
    await driver.expectScreen('passenger_count');
  });

  test('# goes to a row, from the end too, and says what it wants otherwise', async () => {
    const { driver } = await rows();
    await driver.press('#', ...'123,456', 'enter');
    await driver.expectScreen('cell 123,456,1');
    await driver.press('#', '-', '1', 'enter');
    await driver.expectScreen('cell 1,000,000,1');
    await driver.press('#', 'x', 'enter');
    await driver.expectScreen('a whole number from 1');
  });

  test('| keeps columns in sight, > and < change a width', async () => {
    const { driver } = await rows({ columns: 80, rows: 24 });
    await driver.press('|', '$');
    await driver.expectScreen('last_column');
    expect(driver.screen()).toContain('tpep_pickup_datetime');
    await driver.press('0', '<', '<');
    await driver.expectMissing('tpep_pickup_datetime');
    await driver.press('>', '>');
    await driver.expectScreen('tpep_pickup_datetime');
  });

  test('v shows the row as a record, enter the whole value', async () => {
    const { driver } = await rows();
    await driver.press('j', 'v');
    await driver.expectScreen('─row 2─');
    await driver.expectScreen(/last_column +text +end of row 2/);
    await driver.press('esc', '$', 'enter');
    await driver.expectScreen('last_column of row 2');
  });

  test('F shows the profile of the column below the rows, and enter filters on a bar', async () => {
    const { source, driver } = await rows();
    await driver.press('l', 'l', 'F');
    await driver.expectScreen('column trip_distance');
    await driver.expectScreen('p50 1.71');
    await driver.expectScreen('600 (60 %)');
    await driver.press('j', 'enter');
    await expect.poll(() => source.asked.at(-1)?.where).toBe('"trip_distance" >= 2 AND "trip_distance" < 5');
  });

  test('V marks rows and columns, space from here on', async () => {
    const { driver } = await rows();
    await driver.press('V');
    await driver.expectSelected(/^2021-01-01 00:41:07 1 0/);
    await driver.press('V');
    await driver.expectScreen('columns marked');
    await driver.press('V', ' ', 'j', 'l');
    await driver.expectSelected(/2021-01-01 00:41:07 1 ?2021-01-02 01:41:07 2/);
  });

  test('a row move costs at most 270 bytes, a scroll by one row 5.5 KB, nothing else anything', async () => {
    const { driver } = await rows({ columns: 200, rows: 60 });
    await driver.settle();
    /** Bytes of one move down; the screen says that it was one. */
    const moveTo = async (row: number): Promise<number> => {
      driver.takeBytes();
      await driver.press('j');
      await driver.expectScreen(`cell ${row},1`);
      await driver.settle();
      return Buffer.byteLength(driver.takeBytes());
    };
    expect(await moveTo(2)).toBeLessThanOrEqual(270);
    await driver.press('j'.repeat(60));
    await driver.expectScreen('cell 62,1');
    await driver.settle();
    const bytes: number[] = [];
    for (let row = 63; row < 68; row++) bytes.push(await moveTo(row));
    // A scroll writes every row anew; a move within the screen would not be one.
    expect(Math.min(...bytes)).toBeGreaterThan(270);
    expect(Math.max(...bytes)).toBeLessThanOrEqual(5_500);
    await driver.settle();
    expect(driver.takeBytes()).toBe('');
  });
});

test('several outputs of a block are tabs; condition and order of one are there again, also at the next start', async () => {
  const source = new FakeSource();
  const id = source.addCompletedRun(taxi, 'yellow_taxi');
  const [output] = source.snapshots.get(id)!.blocks[0]!.outputs;
  source.setBlock(id, 'load_trips', 'completed', { outputs: [output!, { ...output!, name: 'output_1' }] });
  const memory = memoryOf();
  const driver = workbench(source, { memory });
  await driver.expectScreen('✓ load_trips');
  await driver.press('5');
  await driver.expectScreen('│ output_0 │ output_1');
  await driver.press('/', ...'fare_amount > 7', 'enter', 's');
  await driver.expectScreen('where fare_amount > 7');
  await driver.press(']');
  await driver.expectMissing('where fare_amount');
  await driver.press(']');
  await driver.expectFooter('this is the last output');
  await driver.press('[');
  await driver.expectScreen('where fare_amount > 7');
  await driver.expectScreen('tpep_pickup_datetime ▴');
  await driver.quit();
  const next = workbench(source, { memory });
  await next.expectScreen('where fare_amount > 7');
  await next.expectScreen('tpep_pickup_datetime ▴');
});

test.each([1_300_000, 700_000])(
  'G reaches the last row of a table of 1,000,000 that is estimated at %d',
  async (estimate) => {
    const source = new FakeSource();
    source.estimate = estimate;
    const driver = workbench(source);
    await driver.expectScreen('no runs yet');
    await driver.press('T');
    await driver.expectScreen('▸ yellow_cab_data');
    await driver.press('enter');
    await driver.expectScreen(/~[\d,]+ rows/);
    const before = source.pages.length;
    await driver.press('G');
    await driver.expectScreen('cell 1,000,000,1');
    await driver.press('$');
    await driver.expectScreen('end of row 1000000');
    await driver.settle();
    expect(source.pages.length - before).toBeLessThan(8);
    await driver.press('g');
    await driver.expectScreen('end of row 1 ');
  },
);
