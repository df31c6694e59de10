import { localOutput } from '../engine/client/local-output.ts';
import type { EngineClient } from '../engine/client/open-client.ts';
import type { StoredOutput } from '../model/output.ts';
import type { RunSnapshot } from '../model/run.ts';
import { WandError } from '../problem/wand-error.ts';
import { requireBlock, requireRun } from './require-run.ts';

export type RunOutput = { projectPath: string; block: string; output: StoredOutput };

/** An output of a block of a run, as a command names it. Throws WandErrors that say what there is. */
export const requireOutput = async (
  client: EngineClient,
  { verb, run, block, output }: { verb: string; run: string; block: string | undefined; output: string },
): Promise<RunOutput> => {
  const snapshot = await requireRun(client, run);
  if (!block) {
    throw new WandError('bad-usage', `which block of run ${run}?`, {
      fix: `wand ${verb} ${run} BLOCK, one of: ${snapshot.blocks.map(({ uuid }) => uuid).join(', ')}`,
    });
  }
  const found = await localOutput(client.store, outputOf(snapshot, block, output));
  return { projectPath: snapshot.run.projectPath, block, output: found };
};

const outputOf = (snapshot: RunSnapshot, block: string, name: string): StoredOutput => {
  const { outputs } = requireBlock(snapshot, block);
  const output = outputs.find((candidate) => candidate.name === name);
  if (output) return output;
  throw new WandError('no-output', `${block} of run ${snapshot.run.id} has no ${name}`, {
    fix: outputs.length > 0 ? `it has: ${outputs.map((one) => one.name).join(', ')}` : 'it stored no output',
  });
};

/** `SCHEMA.TABLE`; a bare name is in `public`. */
export const tableName = (name: string): { schema: string; table: string } => {
  const [table = '', schema = 'public'] = name.split('.').reverse();
  return { schema, table };
};
