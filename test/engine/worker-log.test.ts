import { closeSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorkerLog } from '../../src/engine/worker-log.ts';
import { tempFolder } from '../project/temp-project.ts';

const before = process.env.WAND_HOME;
let log: string;
beforeEach(() => {
  process.env.WAND_HOME = tempFolder({ 'logs/': '' });
  log = join(process.env.WAND_HOME, 'logs', 'worker.log');
});
afterEach(() => {
  process.env.WAND_HOME = before;
});

const say = (text: string): void => {
  const file = openWorkerLog();
  writeSync(file, text);
  closeSync(file);
};
const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('the log of workers is appended to, and for its owner only', () => {
  writeFileSync(log, 'one ', { mode: 0o644 });
  say('two ');
  say('three');
  expect(readFileSync(log, 'utf8')).toBe('one two three');
  expect(modeOf(log)).toBe(0o600);
  expect(existsSync(`${log}.1`)).toBe(false);
});

test('the log of workers makes room when it is large, and the last one is kept', () => {
  for (const text of ['first', 'second']) {
    say(text);
    truncateSync(log, 11 * 1024 * 1024);
  }
  say('third');
  expect(readFileSync(log, 'utf8')).toBe('third');
  expect(readFileSync(`${log}.1`, 'utf8').slice(0, 7)).toBe('second\0');
  expect([log, `${log}.1`].map(modeOf)).toEqual([0o600, 0o600]);
  expect(existsSync(`${log}.2`)).toBe(false);
});
