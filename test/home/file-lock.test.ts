import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withFileLock } from '../../src/home/file-lock.ts';
import { isAlive, startTicksOf } from '../../src/home/process.ts';
import { linuxTest } from '../support/where.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wand lock '));
});
afterEach(() => rmSync(folder, { recursive: true }));

const lockModule = resolve(import.meta.dirname, '../../src/home/file-lock.ts');
const startScript = (body: string) =>
  spawn(
    process.execPath,
    ['--input-type=module', '-e', `import { withFileLock } from ${JSON.stringify(lockModule)};\n${body}`],
    {
      env: { ...process.env, FOLDER: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );

test('calls of one process never overlap', async () => {
  let inside = 0;
  let most = 0;
  const call = () =>
    withFileLock(join(folder, 'lock'), async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= 1;
    });
  await Promise.all(Array.from({ length: 10 }, call));
  expect(most).toBe(1);
});

test('processes that add to a file lose no addition', async () => {
  writeFileSync(join(folder, 'count'), '0');
  const adder = `import fs from 'node:fs';
    const file = process.env.FOLDER + '/count';
    for (let i = 0; i < 10; i += 1) await withFileLock(process.env.FOLDER + '/lock', async () => {
      const count = Number(fs.readFileSync(file, 'utf8'));
      await new Promise((resolve) => setTimeout(resolve, 1));
      fs.writeFileSync(file, String(count + 1));
    });`;
  const children = Array.from({ length: 4 }, () => startScript(adder));
  await Promise.all(children.map((child) => once(child, 'exit')));
  expect(readFileSync(join(folder, 'count'), 'utf8')).toBe('40');
  expect(readdirSync(join(folder, 'lock'))).toEqual([]);
});

test('a holder killed with -9 is no obstacle', async () => {
  const holder = startScript(`await withFileLock(process.env.FOLDER + '/lock', async () => {
    console.log('held'); await new Promise((resolve) => setTimeout(resolve, 600_000)); });`);
  await once(holder.stdout, 'data');
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(readdirSync(join(folder, 'lock'))).toHaveLength(1);
  expect(await withFileLock(join(folder, 'lock'), async () => 'mine')).toBe('mine');
});

linuxTest('a claim whose pid belongs to another process by now is dead', async () => {
  const lock = join(folder, 'lock');
  await withFileLock(lock, async () => {});
  writeFileSync(join(lock, `${process.ppid}-1-abcdef`), '');
  expect(await withFileLock(lock, async () => 'mine')).toBe('mine');
});

test('is free again after an error, and private', async () => {
  const lock = join(folder, 'lock');
  await expect(withFileLock(lock, async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withFileLock(lock, async () => 'mine')).toBe('mine');
  expect(statSync(lock).mode & 0o777).toBe(0o700);
});

linuxTest('a process is told from a later one with its pid, and a zombie is dead', async () => {
  expect(isAlive(process.pid, startTicksOf(process.pid))).toBe(true);
  expect(isAlive(process.pid, '1')).toBe(false);
  expect(startTicksOf(2 ** 22 + 1)).toBeNull();
  // The first sleep ends and the second, its parent by then, never asks for it: a zombie as long as the parent sleeps.
  const parent = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = await once(parent.stdout, 'data');
  const zombie = Number(String(line));
  while (!readFileSync(`/proc/${zombie}/stat`, 'utf8').includes(') Z '))
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(isAlive(zombie)).toBe(false);
  parent.kill('SIGKILL');
});
