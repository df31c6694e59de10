import type { Socket } from 'node:net';
import type { BlockContext, BlockResult } from '../../model/block-task.ts';
import { attendServing, reasonOf } from '../child/attend-child.ts';
import { failedResult } from '../child/child-result.ts';
import { type StartedChild, startChild } from '../child/run-child.ts';
import { pythonEnvironment } from './launch.ts';

/** Processes of runs whose Python blocks share one, while they wait for a block. */
const waiting = new Map<string, StartedChild>();
/** Blocks of a run come one after the other, callbacks too. */
const lines = new Map<string, Promise<unknown>>();

/**
 * Runs a block in the process of its run (`run_pipeline_in_one_process`), started with the first one. Where it had to be started again in
 * the middle of a run, a line of the log says that what blocks before it shared is not there.
 */
export const runInRunProcess = (context: BlockContext, command: string): Promise<BlockResult> => {
  const { runId } = context.task;
  const before = lines.get(runId) ?? Promise.resolve();
  const result = before.then(() => takeTurn(context, command));
  const settled = result.catch(() => {});
  lines.set(runId, settled);
  void settled.then(() => {
    if (lines.get(runId) === settled) lines.delete(runId);
  });
  return result;
};

const takeTurn = async (context: BlockContext, command: string): Promise<BlockResult> => {
  if (context.signal.aborted) return failedResult('cancelled', reasonOf(context.signal));
  const { runId } = context.task;
  const known = waiting.get(runId);
  waiting.delete(runId);
  const child =
    known && known.process.exitCode === null && known.process.signalCode === null
      ? known
      : await start(context, command);
  if ('problem' in child) return failedResult('spawn-failed', child.problem);
  hold(child, true);
  const { result, waits } = await attendServing(context, child);
  hold(child, false);
  if (waits) waiting.set(runId, child);
  return result;
};

const start = (context: BlockContext, command: string): Promise<StartedChild | { problem: string }> => {
  const { environment, task } = context;
  if (task.inputs.some(({ language }) => language === 'python')) {
    const text = `a new process for this run (run_pipeline_in_one_process): kwargs['context'] is empty, what earlier blocks shared is gone`;
    context.log({ level: 'warning', source: 'wand', text });
  }
  return startChild({
    program: command,
    args: ['-u', '-m', 'wand_blocks.run_process'],
    environment: { ...environment, ...pythonEnvironment(environment) },
    workingDirectory: task.workingDirectory,
    serves: true,
  });
};

/** Nothing of a process that waits keeps this one alive. */
const hold = ({ process }: StartedChild, on: boolean): void => {
  for (const handle of [process, ...process.stdio] as (Socket | null)[]) on ? handle?.ref?.() : handle?.unref?.();
};

/** Runs whose process waits for a next block. */
export const waitingRunProcesses = (): string[] => [...waiting.keys()].filter((runId) => !lines.has(runId));

/** Sends the process of a run away. */
export const endRunProcess = (runId: string): void => {
  const child = waiting.get(runId);
  waiting.delete(runId);
  for (const stream of child?.process.stdio ?? []) stream?.destroy();
};
