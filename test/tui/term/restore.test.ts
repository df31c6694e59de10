import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enterScreen, leaveScreen } from '../../../src/tui/term/session.ts';
import { bundleProgram, type Program, startCommand, startProgram } from '../../driver/terminal-program.ts';

let program: Awaited<ReturnType<typeof bundleProgram>>;

beforeAll(async () => {
  program = await bundleProgram(join(import.meta.dirname, '../../driver/fake-main.ts'));
});
afterAll(() => program.remove());

/** What came after the terminal was given back. */
const afterwards = (running: Program): string => running.output().split(leaveScreen).at(-1)!;

describe('on a real terminal', () => {
  test('q leaves the screen, says how to come back and exits 0', async () => {
    const running = startProgram(program.path);
    await running.until('load_zones');
    running.pty.write('q');
    expect((await running.ended).exitCode).toBe(0);
    expect(running.output().startsWith(enterScreen)).toBe(true);
    expect(afterwards(running)).toContain('taxi / yellow_taxi\r\nrun 11: completed');
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ])('%s gives the terminal back', async (signal, exitCode) => {
    const running = startProgram(program.path);
    await running.until('load_zones');
    process.kill(running.pty.pid, signal);
    expect((await running.ended).exitCode).toBe(exitCode);
    expect(running.output()).toContain(leaveScreen);
  });

  test('an exception nobody caught is printed after the screen was left', async () => {
    const running = startProgram(program.path, { FAKE_CRASH: '700' });
    await running.until('load_zones');
    expect((await running.ended).exitCode).toBe(1);
    expect(afterwards(running)).toContain('wand: the workbench failed: Error: a bug of ours');
  });

  test('keys typed before the first picture are obeyed and never echoed into it', async () => {
    const running = startProgram(program.path);
    await running.until(enterScreen);
    running.pty.write('?');
    await running.until('type to filter, esc closes');
    running.pty.write('\u0003');
    await running.ended;
    expect(running.output()).not.toContain('^C');
  });

  test('ctrl-z gives the terminal to the shell, fg brings the screen back', async () => {
    const shell = startCommand('/bin/bash', ['--norc', '--noprofile', '-i'], { PS1: 'ready> ', HISTFILE: '' });
    await shell.until('ready>');
    shell.pty.write(`"${process.execPath}" "${program.path}"\r`);
    await shell.until('load_zones');
    shell.pty.write('\u001a');
    await shell.until('Stopped');
    expect(shell.output()).toContain(leaveScreen);
    const before = shell.output().length;
    shell.pty.write('fg\r');
    await expect.poll(() => shell.output().slice(before)).toMatch(/\[\?1049h[\s\S]*load_zones/);
    shell.pty.write('q');
    await expect.poll(() => afterwards(shell)).toContain('run 11: completed');
    shell.pty.write('exit\r');
    await shell.ended;
  });

  test('an editor has the terminal until it ends, keys and ctrl-c included', async () => {
    const editor = join(dirname(program.path), 'slow-editor');
    writeFileSync(
      editor,
      '#!/bin/sh\ntrap "echo interrupted" INT\necho editing $1\nuntil read answer; do :; done\necho got $answer\n',
      { mode: 0o755 },
    );
    const running = startProgram(program.path, { EDITOR: `"${editor}"` });
    await running.until('load_zones');
    running.pty.write('e');
    await running.until('editing ');
    running.pty.write('\u0003');
    await running.until('interrupted');
    running.pty.write('one\r');
    await running.until('got one');
    await expect.poll(() => afterwards(running)).toMatch(/\[\?1049h[\s\S]*load_zones/);
    running.pty.write('q');
    expect((await running.ended).exitCode).toBe(0);
  });

  test('a window that is closed ends the program', async () => {
    const running = startProgram(program.path);
    await running.until('load_zones');
    const { pid } = running.pty;
    running.pty.kill('SIGHUP');
    await running.ended;
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
