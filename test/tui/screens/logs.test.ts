import { expect, test } from 'vitest';
import type { Driver } from '../../driver/driver.ts';
import { FakeSource } from '../../driver/fake-source.ts';
import { taxi, workbench } from '../../driver/open.ts';

const long = 20_000;

/** A run with a log of 20,000 lines, on the screen with the log in front. */
const openLog = async (lines = long): Promise<{ source: FakeSource; id: string; driver: Driver }> => {
  const source = new FakeSource();
  const id = source.addRun(taxi, 'yellow_taxi', {});
  for (let line = 1; line <= lines; line++) {
    const text = line === 7_000 ? 'the needle' : `line number ${line}`;
    source.log(id, line % 2 === 0 ? 'load_trips' : 'load_zones', text, line === 3_000 ? 'error' : 'info');
  }
  const driver = workbench(source);
  await driver.expectScreen(`line number ${lines}`);
  await driver.press('4');
  return { source, id, driver };
};

test('opens at the end, and reaches the first line and every line between', async () => {
  const { driver } = await openLog();
  await driver.press('g');
  await driver.expectScreen(/line number 1 /);
  await driver.expectScreen('line 1 of 20,000');
  for (let page = 0; page < 60; page++) await driver.press('pagedown');
  await driver.settle();
  const [, at] = /line ([\d,]+) of 20,000/.exec(driver.screen())!;
  expect(driver.screen()).toContain(`line number ${at!.replace(',', '')} `.trim());
  await driver.press('G');
  await driver.expectScreen('line number 20000');
  await driver.expectScreen('follow');
});

test('/ finds what is far away, n goes on round the end, and what is not there is said', async () => {
  const { driver } = await openLog();
  await driver.press('/', 'needle', 'enter');
  await driver.expectSelected('the needle');
  await driver.press('n');
  await driver.expectSelected('the needle');
  await driver.press('/', 'x', 'enter');
  await driver.expectFooter('"needlex" is not in this log');
});

test('& filters by a regular expression, and goes on following', async () => {
  const { driver, source, id } = await openLog();
  await driver.press('&', 'number 1999\\d$', 'enter');
  await driver.expectMissing('line number 20000');
  await driver.expectScreen('line number 19993');
  source.log(id, 'load_trips', 'another');
  source.log(id, 'load_trips', 'also number 19990');
  await driver.expectScreen('also number 19990');
  await driver.expectMissing('another');
  await driver.press('esc');
  await driver.expectScreen('another');
});

test('E goes to the first error; V shows lines from a level on', async () => {
  const { driver } = await openLog();
  await driver.press('E');
  await driver.expectSelected('line number 3000');
  await driver.press('L', 'V', 'V', 'V');
  await driver.expectScreen('error+');
  await driver.expectMissing('line number 20000');
  await driver.expectScreen('line number 3000');
});

test('long lines go on below with w, t changes the time, J shows JSON as it is, m draws a rule', async () => {
  const { driver, source, id } = await openLog(3);
  source.log(id, 'load_trips', `${'word '.repeat(60)}¶`);
  source.log(id, 'load_trips', '{"message":"wrote","rows":3,"time":"2026-01-01T00:00:00Z"}');
  await driver.expectScreen('wrote  rows=3');
  await driver.expectMissing('¶');
  await driver.press('w');
  await driver.expectScreen('¶');
  await driver.press('J');
  await driver.expectScreen('{"message":"wrote","rows":3');
  await driver.press('t');
  await driver.expectScreen(/ 0:0\d\.\d{3} load_trips/);
  await driver.press('m');
  source.log(id, 'load_trips', 'after the mark');
  await driver.expectScreen(/── mark ─+[\s│]*\n.*after the mark/);
});
