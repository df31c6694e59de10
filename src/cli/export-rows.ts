import { resolve } from 'node:path';
import { visibleText } from '../draw/visible-text.ts';
import { withDataClient } from '../engine/client/read-page.ts';
import { type ExportFormat, exportFormats } from '../model/export.ts';
import type { PageRequest } from '../model/output.ts';
import { WandError } from '../problem/wand-error.ts';
import { formatCount } from './format.ts';
import { printJson } from './print-table.ts';
import type { RunOutput } from './require-output.ts';
import type { PreviewOptions } from './verbs/preview.ts';

/** Whether rows are to be written in a format, and not shown. */
export const wantsExport = ({ format, out }: PreviewOptions): boolean => format !== undefined || out !== undefined;

/** Writes rows of a block's output; a relation is read from its table. */
export const exportRunOutput = async (
  { projectPath, block, output }: RunOutput,
  request: PageRequest,
  options: PreviewOptions,
): Promise<void> => {
  if (output.path === null && output.relation) {
    const { schema, table, profile } = output.relation;
    return exportTableRows(projectPath, { schema, table }, request, { ...options, profile });
  }
  const { exportOutput } = await import('../data/export.ts');
  const file = fileOf(options, block);
  report(file, await exportOutput(output, choiceOf(request, options), file), options.json);
};

/** Writes rows of a table. */
export const exportTableRows = async (
  projectPath: string,
  table: { schema: string; table: string },
  request: PageRequest,
  options: PreviewOptions,
): Promise<void> => {
  const { exportTable } = await import('../data/export.ts');
  const file = fileOf(options, `${table.schema}.${table.table}`);
  const rows = await withDataClient(projectPath, options.profile, (client) =>
    exportTable(client, table, choiceOf(request, options), file),
  );
  report(file, rows, options.json);
};

type OutFile = { path: string; format: ExportFormat; overwrite: boolean; table: string };

const fileOf = ({ format, out, force = false, table }: PreviewOptions, source: string): OutFile => ({
  path: out === undefined || out === '-' ? '-' : resolve(out),
  format: formatOf(format ?? /\.([a-z]+)$/i.exec(out ?? '')?.[1] ?? ''),
  overwrite: force,
  table: table ?? source,
});

/** The command line says `sql` for INSERT statements. */
const formatOf = (name: string): ExportFormat => {
  const lower = name.toLowerCase();
  const known = exportFormats.find((format) => (format === 'insert' ? 'sql' : format) === lower);
  if (known) return known;
  throw new WandError('bad-usage', name === '' ? 'which format?' : `--format ${name}: there is no such format`, {
    fix: '--format csv, tsv, json, parquet or sql',
  });
};

const choiceOf = ({ sort, where, limit, offset }: PageRequest, options: PreviewOptions) => ({
  sort,
  where,
  offset,
  limit: options.limit === undefined ? undefined : limit,
});

const report = ({ path, format }: OutFile, rows: number, json = false): void => {
  if (path === '-') return;
  if (json) printJson({ version: 1, file: path, format: format === 'insert' ? 'sql' : format, rows });
  else process.stdout.write(`${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'} written to ${visibleText(path)}\n`);
};
