// The process of one TypeScript block: task on standard input, events on file descriptor 3, user output as it comes.

import { sendEvent } from './events.ts';
import { executeTask } from './execute-task.ts';
import { blockErrorOf } from './problems.ts';
import { readTask, watchWorker } from './task-input.ts';

const task = readTask();
watchWorker();
process.on('unhandledRejection', (problem) => finish(problem));
process.on('uncaughtException', (problem) => finish(problem));

const finish = (problem: unknown): never => {
  sendEvent({ type: 'error', error: blockErrorOf(problem, task) });
  // Not by exitCode: a block that left a timer or a socket open has ended all the same.
  process.exit(1);
};

try {
  const rows = await executeTask(task);
  sendEvent({ type: 'done', rows });
  process.exit(0);
} catch (problem) {
  finish(problem);
}
