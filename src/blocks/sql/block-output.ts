import { readFileSync } from 'node:fs';
import type { BlockContext, BlockInput } from '../../model/block-task.ts';
import { WandError } from '../../problem/wand-error.ts';

/**
 * The text for `{{ block_output('uuid', parse=lambda data, variables: ...) }}` (mage-format.md 4.3, step 4). The lambda is
 * Python and runs in the project's Python. Without `parse` it is the block's output itself, as text; Mage gives the dict of all inputs there.
 */
export const blockOutputText = async (context: BlockContext, source: string, line: number): Promise<string> => {
  const { block, parse } = readCall(source, context, line);
  if (parse !== null) return (await import('./python-parse.ts')).parseInPython(context, { block, parse, line });
  const input = inputOf(context, block, line);
  const [output] = input.outputs;
  if (!output) return 'None';
  if (output.kind !== 'json' || !output.path) {
    throw failure(
      context,
      line,
      `block_output('${input.block}') is a table, which has no text`,
      `Use {{ df_N }} as a table, or parse=lambda data, variables: ... for a value of it.`,
    );
  }
  const { pythonText } = await import('../../project/python-text.ts');
  return pythonText(JSON.parse(readFileSync(output.path, 'utf8')));
};

export type BlockOutputCall = { block: string | null; parse: string | null };

const call =
  /^block_output\s*\(\s*(?:(?:block_uuid\s*=\s*)?(?:'([^']*)'|"([^"]*)"))?\s*,?\s*(?:parse\s*=\s*(lambda\b[\s\S]*?))?,?\s*\)$/;

const readCall = (source: string, context: BlockContext, line: number): BlockOutputCall => {
  const found = call.exec(source);
  if (!found) {
    throw failure(
      context,
      line,
      `cannot read ${source}`,
      "Write it as block_output('uuid', parse=lambda data, variables: ...).",
    );
  }
  return { block: found[1] ?? found[2] ?? null, parse: found[3]?.trim() ?? null };
};

/** The upstream block that a call names; without a name the only one there is. */
const inputOf = (context: BlockContext, block: string | null, line: number): BlockInput => {
  const { inputs } = context.task;
  const input = block === null ? inputs[0] : inputs.find((each) => each.block === block);
  if (input) return input;
  throw failure(
    context,
    line,
    `block_output: ${block ?? 'the block'} is no upstream block of ${context.task.blockUuid}`,
    inputs.length > 0
      ? `Its upstream blocks are ${inputs.map((each) => each.block).join(', ')}.`
      : 'Give it an upstream block.',
  );
};

const failure = (context: BlockContext, line: number, message: string, fix: string): WandError =>
  new WandError('block-output', message, { file: context.task.file, line, fix });
