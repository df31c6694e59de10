import type { BlockContext, BlockResult } from '../model/block-task.ts';
import { messageOf, WandError } from '../problem/wand-error.ts';
import { closeWarmConnections } from './sql/warm-connections.ts';

/**
 * Runs one attempt of a block, whatever its language, and answers its result; a block that fails is a failed result, not
 * an exception. The runner of a language is loaded when the first block needs it.
 */
export const executeBlock = async (context: BlockContext): Promise<BlockResult> => {
  const refusal = refusalOf(context);
  if (refusal) return refusal;
  // Code of the user may want a database for itself (DROP DATABASE, CREATE DATABASE ... TEMPLATE).
  if (context.task.language !== 'sql') await closeWarmConnections();
  try {
    switch (context.task.language) {
      case 'sql':
        return await (await import('./sql/run-sql-block.ts')).runSqlBlock(context);
      case 'typescript':
        return await (await import('./typescript/run-typescript-block.ts')).runTypescriptBlock(context);
      default:
        return await (await import('./python/run-python-block.ts')).runPythonBlock(context);
    }
  } catch (error) {
    const known = error instanceof WandError ? error : null;
    return failed(context, known?.code ?? 'internal', messageOf(error), known?.fix ?? null);
  }
};

const plainTypes = ['data_loader', 'transformer', 'data_exporter', 'custom', 'scratchpad', 'sensor'];
const languages = ['sql', 'typescript', 'python'];

// A block of a kind that is not there yet fails in words: passing it over would let what depends on it run wrongly.
const refusalOf = (context: BlockContext): BlockResult | null => {
  const { blockType, language } = context.task;
  if (blockType === 'markdown' || language === 'markdown')
    return { status: 'completed', outputs: [], rows: null, tests: [] };
  if (blockType === 'dbt') {
    return failed(
      context,
      'unsupported-block-type',
      'wand does not run dbt blocks yet.',
      'Run dbt beside wand, or put the model into an SQL block with data_provider postgres.',
    );
  }
  if (!plainTypes.includes(blockType)) {
    return failed(
      context,
      'unsupported-block-type',
      `wand does not run blocks of type ${blockType} yet.`,
      `Take the block out of the pipeline, or make it a custom block if its code also does without what type ${blockType} adds.`,
    );
  }
  if (!languages.includes(language)) {
    return failed(
      context,
      'unsupported-language',
      `wand does not run blocks of language ${language} yet.`,
      'Write the block in python, sql or typescript.',
    );
  }
  return null;
};

const failed = (context: BlockContext, type: string, message: string, fix: string | null): BlockResult => ({
  status: 'failed',
  error: { type, message, file: context.task.file, line: null, traceback: null, fix },
  outputs: [],
  tests: [],
});
