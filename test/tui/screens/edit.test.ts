import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { enterScreen, leaveScreen } from '../../../src/tui/term/session.ts';
import { FakeSource } from '../../driver/fake-source.ts';
import { taxi, workbench } from '../../driver/open.ts';

const folder = mkdtempSync(join(tmpdir(), 'wand-editor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An editor that writes down what it was started with. */
const editor = (name: string, exitCode = 0): string => {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho "$@" > "${path}.args"\nexit ${exitCode}\n`);
  chmodSync(path, 0o755);
  return `"${path}"`;
};

const failed = (): FakeSource => {
  const source = new FakeSource();
  source.addFailedRun(taxi, 'api_to_postgres', 'transform_taxi_data');
  return source;
};

test('e opens the editor at the line that failed, and the screen comes back', async () => {
  const EDITOR = editor('vim');
  const driver = workbench(failed(), {
    start: { pipeline: 'api_to_postgres' },
    environment: { LANG: 'C.UTF-8', EDITOR },
  });
  await driver.expectScreen('▸  9');
  await driver.settle();
  const before = driver.screen();
  driver.takeBytes();
  await driver.press('e');
  await driver.settle();
  const bytes = driver.takeBytes();
  expect(bytes.indexOf(leaveScreen)).toBeGreaterThanOrEqual(0);
  expect(bytes.indexOf(enterScreen)).toBeGreaterThan(bytes.indexOf(leaveScreen));
  expect(readFileSync(join(folder, 'vim.args'), 'utf8')).toBe(`+9 ${taxi}/transformers/transform_taxi_data.py\n`);
  expect(driver.screen()).toBe(before);
  await driver.press('?');
  await driver.expectScreen('type to filter');
});

test('the code stays where it was scrolled to, though the editor opened at the line that failed', async () => {
  const source = failed();
  source.readCode = async () => Array.from({ length: 200 }, (_, index) => `row ${index + 1} of the code`).join('\n');
  const driver = workbench(source, {
    start: { pipeline: 'api_to_postgres' },
    environment: { LANG: 'C.UTF-8', EDITOR: editor('joe') },
  });
  await driver.expectScreen('▸  9');
  await driver.press('6');
  await driver.expectScreen('row 9 of the code');
  await driver.press('G');
  await driver.expectScreen('row 200 of the code');
  driver.takeBytes();
  await driver.press('e');
  await expect.poll(() => driver.written).toContain(enterScreen);
  await driver.settle();
  expect(driver.screen()).toContain('row 200 of the code');
});

test('the project is read again afterwards', async () => {
  const source = failed();
  const driver = workbench(source, {
    start: { pipeline: 'api_to_postgres' },
    environment: { LANG: 'C.UTF-8', EDITOR: editor('nano') },
  });
  await driver.press('1');
  await driver.expectScreen('orders');
  source.projects = source.projects.slice(0, 1);
  await driver.press('e');
  await driver.expectMissing('orders');
});

test('an editor that is not there is named, with the way out', async () => {
  const driver = workbench(failed(), {
    start: { pipeline: 'api_to_postgres' },
    environment: { LANG: 'C.UTF-8', EDITOR: `"${join(folder, 'nobody')}"` },
  });
  await driver.expectScreen('▸  9');
  await driver.press('e');
  await driver.expectFooter('the editor nobody was not found; set $EDITOR');
});

test('without a block that has a file e says what to do', async () => {
  const source = new FakeSource();
  for (const block of source.projects[0]!.pipelines[0]!.blocks) block.file = null;
  const driver = workbench(source);
  await driver.expectScreen('no runs yet');
  await driver.press('e');
  await driver.expectFooter('e: select a block that has a file first');
});
