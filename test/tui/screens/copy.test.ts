import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeSource } from '../../driver/fake-source.ts';
import { taxi, workbench } from '../../driver/open.ts';
import { makeHome } from '../../support/home.ts';

let home: string;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const open = (source: FakeSource, start = { pipeline: 'yellow_taxi' }, more: NodeJS.ProcessEnv = {}) =>
  workbench(source, { start, environment: { LANG: 'C.UTF-8', WAND_HOME: home, ...more } });

/** What the terminal was asked to keep, decoded. */
const clipboard = (written: string): string | null => {
  const found = /\u001b\]52;c;([A-Za-z0-9+/=]*)\u0007/.exec(written);
  return found ? Buffer.from(found[1]!, 'base64').toString() : null;
};
const file = (): string => readFileSync(join(home, 'ui', 'copied.txt'), 'utf8');

describe('the copy menu', () => {
  test('copies cell, row and column of the rows, over OSC 52 and into a private file', async () => {
    const source = new FakeSource({ rowCount: 450 });
    source.addCompletedRun(taxi, 'yellow_taxi');
    const driver = open(source);
    await driver.expectScreen('✓ load_trips');
    await driver.press('5');
    await driver.expectScreen('cell 1,1');
    driver.takeBytes();
    await driver.press('y');
    await driver.expectScreen('The row, with its header');
    await driver.press('c');
    await driver.expectFooter(/copied the cell \(19 B\), also in .*copied\.txt/);
    expect(clipboard(driver.takeBytes())).toBe('2021-01-01 00:41:07');
    expect(file()).toBe('2021-01-01 00:41:07');
    expect(statSync(join(home, 'ui', 'copied.txt')).mode & 0o777).toBe(0o600);
    await driver.press('y', 'r');
    await driver.expectFooter('copied the row');
    const [head, row] = clipboard(driver.takeBytes())!.split('\n');
    expect(head!.split('\t').slice(0, 3)).toEqual(['tpep_pickup_datetime', 'passenger_count', 'trip_distance']);
    expect(row!.split('\t')).toHaveLength(head!.split('\t').length);
    await driver.press('l', 'y', 'C');
    await driver.expectFooter('copied column passenger_count');
    expect(clipboard(driver.takeBytes())!.trimEnd().split('\n')).toHaveLength(450);
  });

  test('copies the error with its traceback, the path with its line, the log, the command', async () => {
    const source = new FakeSource();
    source.addFailedRun(taxi, 'api_to_postgres', 'transform_taxi_data');
    const driver = open(source, { pipeline: 'api_to_postgres' });
    await driver.expectScreen('attempt 3 of 3');
    const copy = async (key: string, footer: string): Promise<string | null> => {
      driver.takeBytes();
      await driver.press('y', key);
      await driver.expectFooter(footer);
      return clipboard(driver.takeBytes());
    };
    expect(await copy('e', 'copied the error')).toContain('ValueError: cannot convert float NaN to integer');
    expect(await copy('p', 'copied the path')).toBe('/home/me/course/taxi/transformers/transform_taxi_data.py:9');
    expect(await copy('l', 'copied the log')).toContain('Traceback (most recent call last):');
    expect(await copy('m', 'copied the command')).toBe('wand show 11 --json');
    await driver.press('y', 'c');
    await driver.expectFooter('c: there are no rows on the screen');
  });

  test('what is too long for a terminal is in the file, and says so', async () => {
    const source = new FakeSource();
    const id = source.addCompletedRun(taxi, 'yellow_taxi');
    for (let line = 0; line < 1_000; line++)
      source.log(id, 'load_trips', `a line of eighty characters or so ${line} ${'x'.repeat(60)}`);
    const driver = open(source);
    await driver.expectScreen('✓ load_trips');
    driver.takeBytes();
    await driver.press('y', 'l');
    await driver.expectFooter(/saved in .*copied\.txt: the log of run 11/);
    expect(clipboard(driver.takeBytes())).toBeNull();
    expect(file().split('\n').length).toBeGreaterThan(1_000);
  });
});
