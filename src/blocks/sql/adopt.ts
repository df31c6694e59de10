import { existsSync } from 'node:fs';
import type { BlockContext } from '../../model/block-task.ts';
import type { StoredOutput } from '../../model/output.ts';
import type { MarkedResult, MarkedWork } from '../marker/marked-transaction.ts';

/** What a lost attempt had committed; files it wrote may lie on another host. */
export const adopt = (context: BlockContext, { outputs, rows, adopted }: MarkedResult): MarkedWork => {
  if (!adopted) return { outputs, rows };
  const text = 'an earlier attempt was lost after it had committed: its result is taken over, nothing is run again';
  context.log({ level: 'info', source: 'wand', text });
  return { outputs: outputs.flatMap((output) => reachable(context, output)), rows };
};

const reachable = (context: BlockContext, output: StoredOutput): StoredOutput[] => {
  if (output.path === null || existsSync(output.path)) return [output];
  if (output.relation) return [{ ...output, kind: 'relation', path: null, bytes: null }];
  const text = `the lost attempt's ${output.name} is not on this host: ${output.path}`;
  context.log({ level: 'warning', source: 'wand', text });
  return [];
};
