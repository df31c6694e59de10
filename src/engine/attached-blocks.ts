import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFolder } from '../home/private-file.ts';
import type { AttemptResult, BlockContext, BlockResult } from '../model/block-task.ts';
import type { OwedCallback } from './callbacks.ts';

/**
 * Asks the conditionals of a block, in a Python process of their own right before it (mage-format.md 3.6): all functions of all of them, with
 * the block's inputs. Answers null if the block may run; one that raises counts as a no, and is logged.
 */
export const askConditionals = async (
  context: BlockContext,
  conditionals: BlockContext['task']['attached'],
): Promise<AttemptResult | null> => {
  if (!conditionals || conditionals.length === 0) return null;
  const result = await runAttached(context, { kind: 'conditional', attached: conditionals });
  if (result.status !== 'completed') return result;
  const path = result.outputs[0]?.path;
  if (path && JSON.parse(readFileSync(path, 'utf8')) === true) return null;
  const text = `${context.task.blockUuid} is not run, nor what comes after it: a conditional said no`;
  context.log({ level: 'info', source: 'wand', text });
  return { status: 'condition_failed' };
};

/** Calls the callbacks that a block run is owed, in one Python process; each failure is logged there. */
export const callCallbacks = (
  context: BlockContext,
  { callback, definition, uuid, blockType, language }: OwedCallback,
): Promise<BlockResult> =>
  runAttached(context, {
    kind: 'callback',
    attached: definition.callbacks ?? [],
    callback: { status: callback.status, error: callback.error },
    // What callbacks get is what the block gave.
    inputs: [
      {
        block: uuid,
        blockType,
        language,
        outputs: callback.status === 'success' ? (context.task.inputs[0]?.outputs ?? []) : [],
      },
    ],
  });

const runAttached = async (context: BlockContext, task: Partial<BlockContext['task']>): Promise<BlockResult> => {
  const { runPythonBlock } = await import('../blocks/python/run-python-block.ts');
  const [first] = task.attached ?? [];
  if (!first) return { status: 'completed', outputs: [], rows: null, tests: [] };
  const outputFolder = makePrivateFolder(join(context.task.outputFolder, `${task.kind}s`));
  return runPythonBlock({
    ...context,
    task: { ...context.task, ...task, language: 'python', file: first.file, outputFolder, runTests: false },
  });
};
