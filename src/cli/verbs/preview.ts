import type { Command } from 'commander';
import { readOutputPage, readTablePage } from '../../engine/client/read-page.ts';
import type { PageRequest } from '../../model/output.ts';
import { chooseProject } from '../choose-project.ts';
import { exportRunOutput, exportTableRows, wantsExport } from '../export-rows.ts';
import { openInstance } from '../open-instance.ts';
import { printPage } from '../print-page.ts';
import { requireOutput, tableName } from '../require-output.ts';
import { runs, type SharedOptions } from '../verb.ts';
import { wholeNumber } from '../whole-number.ts';
import { withClient } from '../with-client.ts';

export type PreviewOptions = SharedOptions & {
  limit?: string;
  offset: string;
  where?: string;
  sort?: string;
  output: string;
  profile?: string;
  format?: string;
  out?: string;
  force?: boolean;
  table?: string;
};

/** `wand preview RUN BLOCK` or `wand preview TABLE`: rows, with types, on the screen or into a file. */
export const addPreviewVerb = (program: Command): void => {
  const command = program
    .command('preview')
    .description("print rows of a block's output, or of a table, or write them to a file")
    .argument('<what>', 'id of a run, or SCHEMA.TABLE')
    .argument('[block]', 'block of the run')
    .option('--limit <n>', 'rows to print (default: 20; with --format or --out all)')
    .option('--offset <n>', 'rows to pass over', '0')
    .option('--where <sql>', 'only rows for which this SQL condition is true')
    .option('--sort <column>', 'by this column; -COLUMN for descending')
    .option('--output <name>', 'which of several outputs', 'output_0')
    .option('--profile <name>', 'profile of io_config.yaml for a table')
    .option('--format <format>', 'csv, tsv, json, parquet or sql; printed, or written to --out')
    .option('--out <file>', 'write the rows there; the format is taken from its ending')
    .option('--force', 'replace the file if it is there already')
    .option('--table <name>', 'table that INSERT statements of --format sql name')
    .addHelpText(
      'after',
      '\nExample:\n  $ wand preview 12 clean_trips --limit 5\n  $ wand preview ny_taxi.yellow_cab_data --sort -fare_amount --where "fare_amount > 5"\n  $ wand preview 12 clean_trips --out trips.csv',
    );
  runs<PreviewOptions>(command, async ({ arguments: [what = '', block], options }) => {
    const request = requestOf(options);
    if (/^\d+$/.test(what)) {
      return withClient(async (client) => {
        const wanted = { verb: 'preview', run: what, block, output: options.output };
        const found = await requireOutput(client, wanted);
        if (wantsExport(options)) return exportRunOutput(found, request, options);
        const page = await readOutputPage(found.projectPath, found.output, request);
        return printPage({ output: options.output }, page, options.json);
      });
    }
    const project = chooseProject(openInstance(options.directory));
    if (wantsExport(options)) return exportTableRows(project.path, tableName(what), request, options);
    const table = { profile: options.profile, ...tableName(what) };
    return printPage({ table: what }, await readTablePage(project.path, table, request), options.json);
  });
};

const requestOf = ({ limit, offset, sort, where }: PreviewOptions): PageRequest => ({
  limit: wholeNumber('--limit', limit ?? '20'),
  offset: wholeNumber('--offset', offset),
  where,
  sort: sort ? { column: sort.replace(/^-/, ''), descending: sort.startsWith('-') } : undefined,
});
