import type { Command } from 'commander';
import { readOutputPage, readTablePage } from '../../engine/client/read-page.ts';
import type { Page, PageRequest } from '../../model/output.ts';
import { WandError } from '../../problem/wand-error.ts';
import { chooseProject } from '../choose-project.ts';
import { openInstance } from '../open-instance.ts';
import { printPage } from '../print-page.ts';
import { requireBlock, requireRun } from '../require-run.ts';
import { runs, type SharedOptions } from '../verb.ts';
import { withClient } from '../with-client.ts';

type PreviewOptions = SharedOptions & {
  limit: string;
  offset: string;
  where?: string;
  sort?: string;
  output: string;
  profile?: string;
};

/** `wand preview RUN BLOCK` or `wand preview TABLE`: rows, with types. */
export const addPreviewVerb = (program: Command): void => {
  const command = program
    .command('preview')
    .description("print rows of a block's output, or of a table")
    .argument('<what>', 'id of a run, or SCHEMA.TABLE')
    .argument('[block]', 'block of the run')
    .option('--limit <n>', 'rows to print', '20')
    .option('--offset <n>', 'rows to pass over', '0')
    .option('--where <sql>', 'only rows for which this SQL condition is true')
    .option('--sort <column>', 'by this column; -COLUMN for descending')
    .option('--output <name>', 'which of several outputs', 'output_0')
    .option('--profile <name>', 'profile of io_config.yaml for a table')
    .addHelpText(
      'after',
      '\nExample:\n  $ wand preview 12 clean_trips --limit 5\n  $ wand preview ny_taxi.yellow_cab_data --sort -fare_amount',
    );
  runs<PreviewOptions>(command, async ({ arguments: [what = '', block], options }) => {
    const request = requestOf(options);
    if (/^\d+$/.test(what))
      return printPage({ output: options.output }, await outputPage(what, block, request, options), options.json);
    return printPage({ table: what }, await pageOfTable(what, request, options), options.json);
  });
};

const outputPage = (
  id: string,
  block: string | undefined,
  request: PageRequest,
  options: PreviewOptions,
): Promise<Page> =>
  withClient(async (client) => {
    const snapshot = await requireRun(client, id);
    if (!block) {
      throw new WandError('bad-usage', `which block of run ${id}?`, {
        fix: `wand preview ${id} BLOCK, one of: ${snapshot.blocks.map(({ uuid }) => uuid).join(', ')}`,
      });
    }
    const { outputs } = requireBlock(snapshot, block);
    const output = outputs.find(({ name }) => name === options.output);
    if (!output) {
      throw new WandError('no-output', `${block} of run ${id} has no ${options.output}`, {
        fix: outputs.length > 0 ? `it has: ${outputs.map(({ name }) => name).join(', ')}` : 'it stored no output',
      });
    }
    return readOutputPage(snapshot.run.projectPath, output, request);
  });

const pageOfTable = async (name: string, request: PageRequest, options: PreviewOptions): Promise<Page> => {
  const [table = '', schema = 'public'] = name.split('.').reverse();
  const project = chooseProject(openInstance(options.directory));
  return readTablePage(project.path, { profile: options.profile, schema, table }, request);
};

const requestOf = ({ limit, offset, sort, where }: PreviewOptions): PageRequest => ({
  limit: wholeNumber('--limit', limit),
  offset: wholeNumber('--offset', offset),
  where,
  sort: sort ? { column: sort.replace(/^-/, ''), descending: sort.startsWith('-') } : undefined,
});

const wholeNumber = (option: string, text: string): number => {
  if (!/^\d{1,12}$/.test(text)) throw new WandError('bad-usage', `${option} ${text}: expected a whole number`);
  return Number(text);
};
