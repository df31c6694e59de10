// The process of TypeScript blocks: tasks in, events on file descriptor 3, user output as it comes. By itself it runs one block, whose task is the
// first line of standard input. With `serve` tasks come on file descriptor 4, as {task, end}: after a block that has left nothing behind it
// writes `end` as a line on both outputs and the event `idle`, and waits for the next; else it ends, as after any error.

import { writeSync } from 'node:fs';
import type { BlockTask } from '../../model/block-task.ts';
import { say, sendEvent } from './events.ts';
import { executeTask } from './execute-task.ts';
import { takeInventory } from './inventory.ts';
import { forgetRow, lastRow } from './last-row.ts';
import { warmLoader } from './load-block.ts';
import { blockErrorOf } from './problems.ts';
import { prepareWatch, readTaskLine } from './task-input.ts';
import { startUsage } from './usage.ts';

/** After so many blocks or with this much memory (bytes) a process is replaced: modules of earlier blocks stay in it. */
const mostBlocks = 200;
const mostMemory = 250e6;

const serves = process.argv[2] === 'serve';
writeAtOnce();
await warmLoader();
const watchWorker = prepareWatch();
if (serves) watchWorker();

let task: BlockTask;
let isDone = false;
let usage = startUsage();

const fail = (problem: unknown): never => {
  if (isDone) {
    say(`after the block was done: ${blockErrorOf(problem, task).message}`, 'warning');
    process.exit(0);
  }
  sendEvent({ type: 'error', error: { ...blockErrorOf(problem, task), row: lastRow() } });
  sendEvent({ type: 'usage', usage: usage() });
  // Not by exitCode: a block that left a timer or a socket open has ended all the same.
  process.exit(1);
};
process.on('unhandledRejection', fail);
process.on('uncaughtException', fail);

const inventory = takeInventory();

const runBlock = async (): Promise<void> => {
  isDone = false;
  usage = startUsage();
  inventory.begin();
  forgetRow();
  const rows = await executeTask(task);
  isDone = true;
  sendEvent({ type: 'done', rows });
  sendEvent({ type: 'usage', usage: usage() });
};

/** What a block prints is written before it goes on: its process ends by exit(), which drops what still waits to be written. */
function writeAtOnce(): void {
  for (const output of [process.stdout, process.stderr]) {
    (output as { _handle?: { setBlocking?(on: boolean): void } })._handle?.setBlocking?.(true);
  }
}

try {
  for (let blocks = 1; ; blocks += 1) {
    const line = JSON.parse(readTaskLine(serves ? 4 : 0)) as BlockTask & { task: BlockTask; end: string };
    task = serves ? line.task : line;
    if (!serves) watchWorker();
    await runBlock();
    if (!serves || blocks >= mostBlocks) process.exit(0);
    const left = await inventory.left();
    if (left !== null || process.memoryUsage.rss() > mostMemory) process.exit(0);
    for (const output of [1, 2]) writeSync(output, `${line.end}\n`);
    sendEvent({ type: 'idle' });
  }
} catch (problem) {
  fail(problem);
}
