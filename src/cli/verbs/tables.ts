import type { Command } from 'commander';
import type { z } from 'zod';
import { withDataClient } from '../../engine/client/read-page.ts';
import type { TableDetail } from '../../model/table-detail.ts';
import { type CatalogEntry, listTables } from '../../postgres/catalog.ts';
import { chooseProject } from '../choose-project.ts';
import { formatCount } from '../format.ts';
import { leavingNoServer } from '../leave-no-server.ts';
import { openInstance } from '../open-instance.ts';
import { printJson, textTable } from '../print-table.ts';
import type { tablesShape } from '../shapes/data.ts';
import { runs } from '../verb.ts';

/** `wand tables [SCHEMA]`: tables and views of a project's data database; with `--json` their columns and indexes. */
export const addTablesVerb = (program: Command): void => {
  const command = program
    .command('tables')
    .description("list the tables of the project's database")
    .argument('[schema]', 'only this schema')
    .option('--profile <name>', 'profile of io_config.yaml')
    .addHelpText('after', '\nExample:\n  $ wand tables ny_taxi\n  $ wand tables --json');
  runs<{ profile?: string }>(command, async ({ arguments: [schema], options }) => {
    const project = chooseProject(openInstance(options.directory));
    const inSchema = (tables: CatalogEntry[]): CatalogEntry[] =>
      tables.filter((table) => schema === undefined || table.schema === schema);
    await leavingNoServer(() =>
      withDataClient(project.path, options.profile, async (client) => {
        const tables = inSchema(await listTables(client));
        if (!options.json) return printTables(tables);
        const { detailOf, tableDetails } = await import('../../postgres/table-detail.ts');
        const details = await tableDetails(client, { schema });
        printJson({
          version: 1,
          tables: tables.map((table) => jsonOf(table, detailOf(details, table))),
        } satisfies z.infer<typeof tablesShape>);
      }),
    );
  });
};

const jsonOf = ({ schema, table, kind, rowEstimate, bytes }: CatalogEntry, { columns, indexes }: TableDetail) => ({
  schema,
  table,
  kind,
  row_estimate: rowEstimate,
  bytes,
  columns,
  indexes,
});

const printTables = (tables: CatalogEntry[]): void => {
  process.stdout.write(
    textTable(
      [
        { title: 'schema' },
        { title: 'table' },
        { title: 'kind' },
        { title: 'rows, about', align: 'right' },
        { title: 'bytes', align: 'right' },
      ],
      tables.map(({ schema, table, kind, rowEstimate, bytes }) => [
        schema,
        table,
        kind,
        formatCount(rowEstimate),
        formatCount(bytes),
      ]),
    ),
  );
};
