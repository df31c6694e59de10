// The process of one TypeScript block: task on standard input, events on file descriptor 3, user output as it comes.

import { sendEvent } from './events.ts';
import { executeTask } from './execute-task.ts';
import { warmLoader } from './load-block.ts';
import { blockErrorOf } from './problems.ts';
import { prepareWatch, readTask } from './task-input.ts';

await warmLoader();
const watchWorker = prepareWatch();
const task = readTask();
watchWorker();
process.on('unhandledRejection', (problem) => finish(problem));
process.on('uncaughtException', (problem) => finish(problem));

const finish = (problem: unknown): never => {
  sendEvent({ type: 'error', error: blockErrorOf(problem, task) });
  sendUsage();
  // Not by exitCode: a block that left a timer or a socket open has ended all the same.
  process.exit(1);
};

const sendUsage = (): void => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  sendEvent({
    type: 'usage',
    usage: { cpuMs: (userCPUTime + systemCPUTime) / 1000, peakRssBytes: maxRSS * 1024 },
  });
};

try {
  const rows = await executeTask(task);
  sendEvent({ type: 'done', rows });
  sendUsage();
  process.exit(0);
} catch (problem) {
  finish(problem);
}
