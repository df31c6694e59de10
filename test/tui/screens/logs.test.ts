import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Driver } from '../../driver/driver.ts';
import { FakeSource } from '../../driver/fake-source.ts';
import { taxi, workbench } from '../../driver/open.ts';
import { makeHome } from '../../support/home.ts';

const long = 20_000;

/** Copies go into a file there. */
let home: string;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A run with a log of 20,000 lines, on the screen with the log in front. */
const openLog = async (lines = long): Promise<{ source: FakeSource; id: string; driver: Driver }> => {
  const source = new FakeSource();
  const id = source.addRun(taxi, 'yellow_taxi', {});
  for (let line = 1; line <= lines; line++) {
    const text = line === 7_000 ? 'the needle' : `line number ${line}`;
    source.log(id, line % 2 === 0 ? 'load_trips' : 'load_zones', text, line === 3_000 ? 'error' : 'info');
  }
  const driver = workbench(source, { environment: { LANG: 'C.UTF-8', WAND_HOME: home } });
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

test('the cursor goes up from the last line, keeps its line while others come and a filter changes, and follows beyond the end', async () => {
  const { driver, source, id } = await openLog();
  await driver.press('k', 'k');
  await driver.expectSelected('line number 19998');
  source.log(id, 'load_trips', 'a newer line');
  await driver.press('&', '\\d[02468]$', 'enter');
  await driver.expectMissing('line number 19999');
  await driver.expectSelected('line number 19998');
  await driver.press('k');
  await driver.expectSelected('line number 19996');
  await driver.press('k', 'k', 'esc');
  await driver.expectScreen('line number 19993');
  await driver.expectSelected('line number 19992');
  for (let line = 0; line < 20; line++) await driver.press('j');
  await driver.expectScreen('follow');
});

test('keys that are faster than the log are not lost', async () => {
  const { driver } = await openLog();
  await driver.press('g', 'j', 'j', 'j');
  await driver.expectSelected('line number 4');
  await driver.press('G', 'k', 'k');
  await driver.expectSelected('line number 19998');
});

test('a filter that hides the line under the cursor gives it back when it goes', async () => {
  const { driver } = await openLog();
  await driver.press('g');
  await driver.expectScreen('line 1 of 20,000');
  for (let line = 0; line < 40; line++) await driver.press('j');
  await driver.expectSelected('line number 41');
  await driver.press('&', 'number 1..$', 'enter');
  await driver.expectSelected('line number 100');
  await driver.press('esc');
  await driver.expectSelected('line number 41');
});

test('space marks lines, and y y copies them, or else the line under the cursor', async () => {
  const { driver } = await openLog();
  await driver.press('k');
  await driver.expectSelected('line number 19999');
  expect(await driver.expectCopied('y', 'y')).toBe('line number 19999');
  await driver.press('space', 'k', 'k');
  await driver.expectSelected(/line number 19997.*line number 19998.*line number 19999/);
  const copied = await driver.expectCopied('y', 'y');
  expect(copied).toMatch(
    /^\S+ info load_zones line number 19997\n\S+ info load_trips line number 19998\n\S+ info load_zones line number 19999\n$/,
  );
  await driver.press('esc');
  await driver.expectSelected(/^(?!.*19998).*line number 19997/);
});

test('more lines are copied than the pane holds', async () => {
  const { driver } = await openLog(6_000);
  await driver.press('space', 'g');
  await driver.expectScreen('line 1 of 6,000');
  await driver.press('y', 'y');
  await driver.expectFooter(/saved in .*: 6,000 lines/);
  const copied = readFileSync(join(home, 'ui', 'copied.txt'), 'utf8')
    .trimEnd()
    .split('\n');
  expect([copied.length, copied[0], copied.at(-1)]).toEqual([
    6_000,
    expect.stringMatching(/ line number 1$/),
    expect.stringMatching(/ line number 6000$/),
  ]);
});

test('enter opens a line whole: JSON with a row for each value, a cut line with its end', async () => {
  const { driver, source, id } = await openLog(3);
  source.log(id, 'load_trips', `${'word '.repeat(60)}the end`);
  source.log(id, 'load_trips', '{"message":"wrote","rows":12345678901234567890,"at":{"x":[1,2],"none":{}}}');
  await driver.expectScreen('wrote');
  await driver.press('enter');
  await driver.expectScreen('"rows": 12345678901234567890');
  await driver.expectScreen(/"none": \{\}/);
  await driver.expectScreen('line 5');
  await driver.press('esc', 'k', 'enter');
  await driver.expectScreen('the end');
});

test('a search that is given up says how far it came, and n goes on from there', async () => {
  const { driver, source } = await openLog();
  await driver.press('g');
  await driver.expectScreen('line 1 of 20,000');
  source.mostScanned = 3_000;
  await driver.press('/', 'needle', 'enter');
  await driver.expectFooter(/"needle" is not up to line 3,\d\d\d of 20,000: n looks further/);
  await driver.press('n');
  await driver.expectFooter(/up to line 6,\d\d\d/);
  await driver.press('n');
  await driver.expectSelected('the needle');
});

test('of a filter that lets little through the whole log is looked through, and the screen says so', async () => {
  const source = new FakeSource();
  const id = source.addRun(taxi, 'yellow_taxi', {});
  for (let line = 1; line <= long; line++) source.log(id, 'load_trips', line === 5 ? 'the needle' : `line ${line}`);
  source.mostScanned = 4_000;
  const driver = workbench(source);
  await driver.expectScreen('line 20000');
  await driver.press('4', '&', 'needle', 'enter');
  await driver.expectScreen('the needle');
  await driver.press('esc', '&', 'nothing of it', 'enter');
  await driver.expectScreen('No line passes the filter: esc');
});
