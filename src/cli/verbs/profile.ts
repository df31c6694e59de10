import type { Command } from 'commander';
import { profileColumns } from '../../engine/client/profile.ts';
import type { RelationReference, StoredOutput } from '../../model/output.ts';
import type { ColumnProfile } from '../../model/profile.ts';
import { chooseProject } from '../choose-project.ts';
import { leavingNoServer } from '../leave-no-server.ts';
import { openInstance } from '../open-instance.ts';
import { printJson } from '../print-table.ts';
import { profileText } from '../profile-text.ts';
import { requireOutput, tableName } from '../require-output.ts';
import { runs, type SharedOptions } from '../verb.ts';
import { withClient } from '../with-client.ts';

type ProfileVerbOptions = SharedOptions & {
  column?: string[];
  where?: string;
  output: string;
  profile?: string;
};

/** `wand profile RUN BLOCK` or `wand profile TABLE`: what is in each column. */
export const addProfileVerb = (program: Command): void => {
  const command = program
    .command('profile')
    .description("say what is in the columns of a block's output, or of a table")
    .argument('<what>', 'id of a run, or SCHEMA.TABLE')
    .argument('[block]', 'block of the run')
    .option('--column <name...>', 'only these columns')
    .option('--where <sql>', 'only rows for which this SQL condition is true')
    .option('--output <name>', 'which of several outputs', 'output_0')
    .option('--profile <name>', 'profile of io_config.yaml for a table')
    .addHelpText('after', '\nExample:\n  $ wand profile 12 clean_trips --column trip_distance');
  runs<ProfileVerbOptions>(command, async ({ arguments: [what = '', block], options }) => {
    if (/^\d+$/.test(what)) {
      return withClient(async (client) => {
        const wanted = { verb: 'profile', run: what, block, output: options.output };
        const { projectPath, output } = await requireOutput(client, wanted);
        print({ output: options.output }, await profileOf(projectPath, output, options), options.json);
      });
    }
    const { path } = chooseProject(openInstance(options.directory));
    const table = { ...tableName(what), profile: options.profile };
    print({ table: what }, await leavingNoServer(() => profileOf(path, table, options)), options.json);
  });
};

const profileOf = (
  projectPath: string,
  source: StoredOutput | (Omit<RelationReference, 'profile'> & { profile?: string }),
  { column, where }: ProfileVerbOptions,
): Promise<ColumnProfile[]> => profileColumns(projectPath, source, { columns: column, where });

const print = (what: { output: string } | { table: string }, columns: ColumnProfile[], json = false): void => {
  if (json) printJson({ version: 1, ...what, columns });
  else process.stdout.write(columns.map(profileText).join('\n'));
};
