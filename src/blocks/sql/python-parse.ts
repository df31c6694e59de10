import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { packageRoot } from '../../home/package-root.ts';
import { statePath } from '../../home/paths.ts';
import type { BlockContext, BlockInput } from '../../model/block-task.ts';
import { WandError } from '../../problem/wand-error.ts';

import { materialise } from './upload.ts';

export type ParseCall = { block: string | null; parse: string; line: number };

/**
 * Evaluates `block_output(..., parse=lambda data, variables: ...)` in the project's Python, with the block's output or, without
 * a block, the list of all inputs, frames as lists of records (mage-format.md 4.3, step 4). As in Mage a lambda that fails is
 * logged and the data itself inserted.
 */
export const parseInPython = async (context: BlockContext, call: ParseCall): Promise<string> => {
  const { findPython } = await import('../python/interpreter.ts');
  const { runChild } = await import('../child/run-child.ts');
  const { environment, task } = context;
  const python = await findPython({ projectPath: task.projectPath, environment });
  const answer = join(task.outputFolder, `block-output-${randomUUID()}.json`);
  const library = join(packageRoot(), 'src', 'blocks', 'python', 'lib');
  const result = await runChild(await withFiles(context), {
    command: python.command,
    args: ['-u', '-c', script],
    extraEnvironment: {
      PYTHONPATH: [library, environment.PYTHONPATH].filter(Boolean).join(delimiter),
      PYTHONSAFEPATH: '1',
      PYTHONPYCACHEPREFIX: statePath('venvs', 'pycache'),
      WAND_BLOCK_OUTPUT: JSON.stringify({ block: call.block, parse: call.parse, answer }),
    },
  });
  if (result.status === 'failed') {
    const { message, fix } = result.error;
    throw new WandError('block-output', `block_output: ${message}`, {
      file: task.file,
      line: call.line,
      fix: fix ?? undefined,
    });
  }
  const { text, error } = JSON.parse(readFileSync(answer, 'utf8')) as { text: string; error: string | null };
  rmSync(answer);
  if (error !== null) {
    const said = `block-output: line ${call.line}: the lambda failed (${error}); the data itself is inserted`;
    context.log({ level: 'error', source: 'wand', text: said });
  }
  return text;
};

/** Python reads files: tables of a database are copied to some. */
const withFiles = async (context: BlockContext): Promise<BlockContext> => {
  const inputs: BlockInput[] = [];
  for (const input of context.task.inputs) {
    const outputs = await Promise.all(input.outputs.map((output) => materialise(context, output)));
    inputs.push({ ...input, outputs });
  }
  return { ...context, task: { ...context.task, inputs } };
};

const script = `
import datetime, json, math, os, sys
from wand_blocks import channel, failure, streams, worker_watch
from wand_blocks.inputs import read_inputs
from wand_blocks.variables import decode

channel.open_channel()
task = worker_watch.take_task()
streams.redirect()
try:
    call = json.loads(os.environ.pop('WAND_BLOCK_OUTPUT'))
    inputs = read_inputs(task)
    records = lambda value: value.to_dict('records') if hasattr(value, 'to_dict') else value
    if call['block'] is None:
        data = [records(entry.value) for entry in inputs]
    else:
        found = [entry.value for entry in inputs if entry.block == call['block']]
        if not found:
            raise LookupError(call['block'] + ' is no upstream block of ' + task['blockUuid'])
        data = found[0]
    names = {'datetime': datetime, 'json': json, 'math': math, 'env_var': os.environ.get}
    error = None
    try:
        text = str(eval(call['parse'], names)(data, decode(task['variables'])))
    except Exception as problem:
        error = type(problem).__name__ + ': ' + str(problem)
        text = str(data)
    with open(call['answer'], 'w', encoding='utf-8') as file:
        json.dump({'text': text, 'error': error}, file)
    streams.flush()
    channel.done(None)
except BaseException as problem:
    failure.report(problem, task)
    sys.exit(1)
`;
