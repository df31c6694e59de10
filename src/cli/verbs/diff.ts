import type { Command } from 'commander';
import type { z } from 'zod';
import { compareRuns } from '../../engine/client/index.ts';
import { localOutput } from '../../engine/client/local-output.ts';
import type { OutputDiff } from '../../model/diff.ts';
import type { RunSnapshot } from '../../model/run.ts';
import type { RunChanges } from '../../model/run-changes.ts';
import { messageOf, WandError } from '../../problem/wand-error.ts';
import type { Store } from '../../store/open-store.ts';
import { changesText } from '../changes-text.ts';
import { diffText } from '../diff-text.ts';
import { printJson } from '../print-table.ts';
import { requireBlock, requireRun } from '../require-run.ts';
import { shapeOfChanges } from '../shapes/changes.ts';
import type { diffShape } from '../shapes/data.ts';
import { runs, type SharedOptions } from '../verb.ts';
import { withClient } from '../with-client.ts';

type DiffOptions = SharedOptions & { key?: string[]; output?: string; code?: boolean };

/** What one output was found to differ in, or why that cannot be said. */
export type OutputComparison = { block: string; output: string; diff: OutputDiff | null; reason: string | null };

/** `wand diff RUN RUN [BLOCK]`: rows and columns of outputs that differ between two runs; with `--code` what made them differ. */
export const addDiffVerb = (program: Command): void => {
  const command = program
    .command('diff')
    .description('compare what the blocks of two runs put out')
    .argument('<left>', 'id of a run')
    .argument('<right>', 'id of another run')
    .argument('[block]', 'only this block')
    .option('--key <column...>', 'columns that name a row (default: a column that is unique in both)')
    .option('--output <name>', 'only this output of each block')
    .option('--code', 'compare code, settings of blocks and variables in place of rows')
    .addHelpText('after', '\nExample:\n  $ wand diff 11 12 clean_trips --key trip_id\n  $ wand diff 11 12 --code');
  runs<DiffOptions>(command, ({ arguments: [left = '', right = '', block], options }) =>
    withClient(async (client) => {
      const sides = [await requireRun(client, left), await requireRun(client, right)] as const;
      if (options.code) {
        if (block !== undefined) for (const side of sides) requireBlock(side, block);
        const changes = onlyOf(await compareRuns(client.store, left, right), block);
        if (options.json) printJson(shapeOfChanges(changes));
        else process.stdout.write(changesText(changes));
        return;
      }
      const compared: OutputComparison[] = [];
      for (const place of placesOf(sides, block, options.output)) {
        compared.push(await compare(client.store, sides, place, options, block !== undefined));
      }
      if (options.json)
        printJson({ version: 1, left, right, outputs: compared.map(jsonOf) } satisfies z.infer<typeof diffShape>);
      else process.stdout.write(diffText(left, right, compared));
    }),
  );
};

/** With a block named, only what is about it. */
const onlyOf = (changes: RunChanges, block: string | undefined): RunChanges =>
  block === undefined
    ? changes
    : {
        ...changes,
        blocks: changes.blocks.filter((one) => one.block === block),
        files: changes.files?.filter(({ blocks }) => blocks.includes(block)) ?? null,
      };

type Sides = readonly [RunSnapshot, RunSnapshot];
type Place = { block: string; output: string };

/** Outputs of either run, in the order of the pipeline. */
const placesOf = (sides: Sides, block: string | undefined, output: string | undefined): Place[] => {
  if (block !== undefined) for (const side of sides) requireBlock(side, block);
  const found = new Map<string, Place>();
  for (const { blocks } of sides) {
    for (const { uuid, outputs } of blocks.filter((one) => block === undefined || one.uuid === block)) {
      for (const { name } of outputs.filter((one) => output === undefined || one.name === output)) {
        found.set(`${uuid}\n${name}`, { block: uuid, output: name });
      }
    }
  }
  if (found.size > 0) return [...found.values()];
  throw new WandError('no-output', `neither run has such an output${block === undefined ? '' : ` of ${block}`}`, {
    fix: 'wand show RUN lists outputs',
  });
};

/** With one block named an output that cannot be compared is an error; among many it is a line that says why. */
const compare = async (
  store: Store,
  sides: Sides,
  place: Place,
  { key }: DiffOptions,
  alone: boolean,
): Promise<OutputComparison> => {
  const [left, right] = sides.map(({ blocks }) =>
    blocks.find(({ uuid }) => uuid === place.block)?.outputs.find(({ name }) => name === place.output),
  );
  if (!left || !right) {
    const { id } = sides[left ? 1 : 0].run;
    return { ...place, diff: null, reason: `run ${id} did not store it` };
  }
  try {
    const { diffOutputs } = await import('../../data/diff.ts');
    return {
      ...place,
      diff: await diffOutputs(await localOutput(store, left), await localOutput(store, right), { key }),
      reason: null,
    };
  } catch (error) {
    if (alone || !(error instanceof WandError)) throw error;
    return { ...place, diff: null, reason: messageOf(error) };
  }
};

const jsonOf = ({ diff, ...place }: OutputComparison): z.infer<typeof diffShape>['outputs'][number] => {
  if (!diff) return { ...place, diff: null };
  const { leftRows, rightRows, changedColumns, ...same } = diff;
  return { ...place, diff: { left_rows: leftRows, right_rows: rightRows, changed_columns: changedColumns, ...same } };
};
