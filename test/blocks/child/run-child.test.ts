import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runChild } from '../../../src/blocks/child/run-child.ts';
import { isAlive } from '../../../src/home/process.ts';
import type { BlockContext } from '../../../src/model/block-task.ts';
import { linuxTest } from '../../support/where.ts';
import { blockContext } from './context.ts';

/** A child that reads its task as the real ones do, then runs `body` with `say(event)` and `task` in scope. */
const child = (body: string) => ({
  command: process.execPath,
  args: [
    '-e',
    `const fs = require('node:fs');
     const say = (event) => fs.writeSync(3, JSON.stringify(event) + '\\n');
     let text = '';
     process.stdin.on('data', (chunk) => {
       text += chunk;
       if (!text.includes('\\n')) return;
       process.stdin.pause(); process.stdin.unref();
       const task = JSON.parse(text.slice(0, text.indexOf('\\n')));
       (async () => { ${body} })();
     });`,
  ],
});

test('events of the child become the result, its plain output becomes log lines', async () => {
  const { context, logged, groups } = blockContext({ variables: { greeting: 'hello' } });
  const output = { name: 'output_0', kind: 'json', path: '/x', rows: null, columns: null, bytes: 2 };
  const result = await runChild(
    context,
    child(`
      console.log(task.variables.greeting); console.error('to stderr');
      say({ type: 'log', level: 'warning', source: 'log', text: 'careful' });
      say({ type: 'test', name: 'test_it', passed: true, message: null });
      say({ type: 'output', output: ${JSON.stringify(output)} });
      process.stdout.write('unfinished');
      say({ type: 'usage', usage: { cpuMs: 12.5, peakRssBytes: 4096 } });
      say({ type: 'done', rows: 7 });`),
  );
  expect(result).toEqual({
    status: 'completed',
    outputs: [output],
    rows: 7,
    tests: [{ name: 'test_it', passed: true, message: null }],
    usage: { cpuMs: 12.5, peakRssBytes: 4096 },
  });
  expect(logged.filter(({ source }) => source === 'stdout').map(({ text }) => text)).toEqual(['hello', 'unfinished']);
  expect(logged).toContainEqual({ level: 'info', source: 'stderr', text: 'to stderr' });
  expect(logged).toContainEqual({ level: 'warning', source: 'log', text: 'careful' });
  expect(groups).toHaveLength(1);
});

test('an error event fails the block with that error', async () => {
  const { context } = blockContext();
  const error = { type: 'ValueError', message: 'no', file: 'f.py', line: 3, traceback: 't', fix: null };
  const result = await runChild(context, child(`say({ type: 'error', error: ${JSON.stringify(error)} });`));
  expect(result).toMatchObject({ status: 'failed', error });
});

test('the process group is announced before the task is sent', async () => {
  const order: string[] = [];
  const { context } = blockContext(
    {},
    {
      onProcess: async () => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        order.push('announced');
      },
      log: ({ text }) => void order.push(text),
    },
  );
  await runChild(
    context,
    child(`say({ type: 'log', level: 'info', source: 'log', text: 'task' }); say({ type: 'done', rows: null });`),
  );
  expect(order).toEqual(['announced', 'task']);
});

linuxTest('the child leads its own group and its start time is announced with it', async () => {
  const { context, logged, groups } = blockContext();
  await runChild(
    context,
    child(
      `console.log(fs.readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ')[2]); say({ type: 'done', rows: null });`,
    ),
  );
  expect(logged[0]?.text).toBe(String(groups[0]?.pgid));
  expect(groups[0]?.startTicks).toMatch(/^\d+$/);
});

test.each([
  [`process.exit(3)`, 'ended with exit code 3'],
  [`process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {});`, 'ended by SIGSEGV'],
  [`process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});`, 'memory runs out'],
])('a child that dies without a result is a failure that says how: %s', async (body, words) => {
  const { context } = blockContext();
  const result = await runChild(context, child(`console.error('last words'); ${body}`));
  expect(result).toMatchObject({ status: 'failed', error: { type: 'child-died', traceback: 'last words' } });
  expect(result.status === 'failed' && result.error.message).toContain(words);
});

test('a missing program and a missing working directory fail with a message that names them', async () => {
  const missing = await runChild(blockContext().context, {
    command: 'no-such-program',
    args: [],
    missingFix: 'Install it.',
  });
  expect(missing).toMatchObject({
    status: 'failed',
    error: { type: 'missing-program', message: expect.stringContaining('no-such-program'), fix: 'Install it.' },
  });
  const nowhere = await runChild(blockContext({ workingDirectory: '/no/such/folder' }).context, child(''));
  expect(nowhere).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('/no/such/folder') } });
});

test('an abort ends a child that ignores TERM, and its own children', async () => {
  const abort = new AbortController();
  const pids: number[] = [];
  const { context } = blockContext(
    {},
    {
      signal: abort.signal,
      log: ({ text }) => {
        pids.push(...text.split(' ').map(Number));
        abort.abort('cancelled by the user');
      },
    },
  );
  const result = await runChild(context, {
    ...child(`
      process.on('SIGTERM', () => {});
      const other = require('node:child_process').spawn('sleep', ['600']);
      console.log(process.pid, other.pid);
      setInterval(() => {}, 1000);`),
    killAfterMs: 50,
  });
  expect(result).toMatchObject({ status: 'failed', error: { type: 'cancelled', message: 'cancelled by the user' } });
  expect(pids).toHaveLength(2);
  expect(pids.filter((pid) => isAlive(pid))).toEqual([]);
});

test('a grandchild that holds the pipes does not outlive the block', async () => {
  const { context, logged } = blockContext();
  const result = await runChild(
    context,
    child(`
      const other = require('node:child_process').spawn('sleep', ['600'], { stdio: 'inherit' });
      console.log(other.pid);
      say({ type: 'done', rows: null });
      process.exit(0);`),
  );
  expect(result.status).toBe('completed');
  expect(isAlive(Number(logged[0]?.text))).toBe(false);
});

test('no line is lost of a child that writes 200,000 of them at once', async () => {
  const { context, logged } = blockContext();
  await runChild(
    context,
    child(`
      for (let i = 0; i < 200; i += 1) fs.writeSync(1, Array.from({ length: 1000 }, (_, j) => 'line ' + (i * 1000 + j) + '\\n').join(''));
      say({ type: 'done', rows: null });`),
  );
  expect(logged.map(({ text }) => text)).toEqual(Array.from({ length: 200_000 }, (_, index) => `line ${index}`));
});

test('a line of 3 MB arrives whole', async () => {
  const { context, logged } = blockContext();
  await runChild(context, child(`fs.writeSync(1, 'x'.repeat(3e6) + '\\n'); say({ type: 'done', rows: null });`));
  expect(logged.map(({ text }) => text.length)).toEqual([3_000_000]);
});

test('the standard input stays open while the block runs', async () => {
  const { context, folder } = blockContext();
  const mark = join(folder, 'closed');
  await runChild(
    context,
    child(`
      process.stdin.resume(); process.stdin.ref();
      process.stdin.on('end', () => fs.writeFileSync(${JSON.stringify(mark)}, ''));
      await new Promise((resolve) => setTimeout(resolve, 200));
      say({ type: 'done', rows: null });
      process.exit(0);`),
  );
  expect(existsSync(mark)).toBe(false);
});

test('a failing announcement kills the child before it sees its task', async () => {
  const lines: string[] = [];
  const context: BlockContext = blockContext(
    {},
    {
      onProcess: async () => {
        throw new Error('lease lost');
      },
      log: ({ text }) => void lines.push(text),
    },
  ).context;
  await expect(runChild(context, child(`console.log('ran')`))).rejects.toThrow('lease lost');
  expect(lines).toEqual([]);
});
