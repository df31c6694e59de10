import { copyParquetToPostgres } from '../../data/copy-to-postgres.ts';
import { postgresTypesOf } from '../../data/infer-types.ts';
import type { StoredOutput } from '../../model/output.ts';
import { connectClient } from '../../postgres/connect.ts';
import { readIoConfig } from '../../project/io-config.ts';
import { postgresConfig } from '../../project/postgres-profile.ts';
import type { ExportOptions, TableExport } from '../../sdk/export-table.ts';
import { kindOf } from '../../sdk/kinds.ts';
import { snakeCase } from '../../sdk/names.ts';
import { withMarkedTransaction } from '../marker/marked-transaction.ts';
import { logLine, say } from './events.ts';
import type { Workshop } from './execute-task.ts';
import { exportColumns, prepareTable } from './export-target.ts';
import type { StoredInput } from './inputs.ts';
import { parquetPath } from './inputs.ts';
import { tableToParquet } from './store-table.ts';
import { workFile } from './work-folder.ts';

/**
 * Loads a table into Postgres: schema, table, rows and the exactly-once marker in one transaction (decisions.md 18). The
 * output is the table itself, referenced and not copied.
 */
export const storeExport = async (
  workshop: Workshop,
  name: string,
  { data, options }: TableExport,
): Promise<StoredOutput> => {
  const { task } = workshop;
  const profile = options.profile ?? 'default';
  const config = postgresConfig(readIoConfig(task.projectPath, process.env), profile);
  const target = { schema: options.schema ?? config.schema ?? 'public', table: options.table };
  const path = await sourceFile(workshop, data);
  const types = await postgresTypesOf(path, { decimals: 'exact' });
  const columns = exportColumns(types, options, snakeCase);
  const client = await connectClient(config, { applicationName: `wand ${task.blockUuid}` });
  try {
    const started = performance.now();
    // A block may export several tables; each has a marker of its own.
    const marker = name === 'output_0' ? task.marker : { ...task.marker, block: `${task.marker.block}#${name}` };
    const result = await withMarkedTransaction(
      client,
      marker,
      async () => {
        await prepareTable(client, target, columns, options);
        const rows = await copyParquetToPostgres(client, { path, ...target, columns });
        return { outputs: [relationOutput(name, profile, target, columns, rows)], rows };
      },
      ({ level, source, text }) => logLine(level, source, text),
    );
    const what = result.adopted ? 'an earlier attempt had loaded' : verbOf(options);
    say(
      `${what} ${result.rows?.toLocaleString('en-US')} rows: ${target.schema}.${target.table}, ${Math.round(performance.now() - started)} ms`,
    );
    return result.outputs[0]!;
  } finally {
    await client.end();
  }
};

const verbOf = ({ ifExists }: ExportOptions): string => (ifExists === 'append' ? 'added' : 'loaded');

/** An input's own Parquet file, or one made from a query or a CSV file. */
const sourceFile = async (workshop: Workshop, data: TableExport['data']): Promise<string> => {
  if (kindOf(data) === 'input' && (data as StoredInput).stored?.kind !== 'json') {
    const { block, stored } = data as StoredInput;
    return parquetPath(block, stored);
  }
  const path = workFile(workshop.workFolder, 'parquet');
  await tableToParquet(workshop, data, path);
  return path;
};

const relationOutput = (
  name: string,
  profile: string,
  target: { schema: string; table: string },
  columns: { target: string; type: string }[],
  rows: number,
): StoredOutput => ({
  name,
  kind: 'relation',
  path: null,
  rows,
  columns: columns.map((column) => ({ name: column.target, type: column.type })),
  bytes: null,
  relation: { profile, ...target },
});
