import type { Command } from 'commander';
import { withDataClient } from '../../engine/client/read-page.ts';
import { listTables } from '../../postgres/catalog.ts';
import { chooseProject } from '../choose-project.ts';
import { formatCount } from '../format.ts';
import { leavingNoServer } from '../leave-no-server.ts';
import { openInstance } from '../open-instance.ts';
import { printJson, textTable } from '../print-table.ts';
import { runs } from '../verb.ts';

/** `wand tables [SCHEMA]`: tables and views of a project's data database. */
export const addTablesVerb = (program: Command): void => {
  const command = program
    .command('tables')
    .description("list the tables of the project's database")
    .argument('[schema]', 'only this schema')
    .option('--profile <name>', 'profile of io_config.yaml')
    .addHelpText('after', '\nExample:\n  $ wand tables ny_taxi');
  runs<{ profile?: string }>(command, async ({ arguments: [schema], options }) => {
    const project = chooseProject(openInstance(options.directory));
    const tables = await leavingNoServer(() => withDataClient(project.path, options.profile, listTables));
    const wanted = tables.filter((table) => schema === undefined || table.schema === schema);
    if (options.json) return printJson({ version: 1, tables: wanted });
    process.stdout.write(
      textTable(
        [
          { title: 'schema' },
          { title: 'table' },
          { title: 'kind' },
          { title: 'rows, about', align: 'right' },
          { title: 'bytes', align: 'right' },
        ],
        wanted.map((table) => [
          table.schema,
          table.table,
          table.kind,
          formatCount(table.rowEstimate),
          formatCount(table.bytes),
        ]),
      ),
    );
  });
};
