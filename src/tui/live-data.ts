import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { profileColumns } from '../engine/client/profile.ts';
import { profileNames, withDataClient } from '../engine/client/read-page.ts';
import type { StoredOutput } from '../model/output.ts';
import { tableDetail } from '../postgres/table-detail.ts';
import { WandError } from '../problem/wand-error.ts';
import type { DataDoor, DataTarget, OutputTarget } from './data-door.ts';
import { typedFile } from './ui-file.ts';

type FindOutput = (
  runId: string,
  block: string,
  name: string,
) => Promise<{ projectPath: string; output: StoredOutput }>;

/** Rows of an answer that the console holds; a table has its own view, which pages. */
const mostAnswerRows = 10_000;

/** The door to the real outputs and databases. */
export const liveData = (findOutput: FindOutput, charts: DataDoor['charts']): DataDoor => {
  const outputOf = ({ runId, block, output }: OutputTarget) => findOutput(runId, block, output);
  const sourceOf = async (target: DataTarget) => {
    if (target.kind === 'table') return { projectPath: target.projectPath, source: target.table };
    const { projectPath, output } = await outputOf(target);
    return { projectPath, source: output };
  };
  return {
    typed: typedFile(),
    charts,
    profile: async (target, column, choice) => {
      const { projectPath, source } = await sourceOf(target);
      const [profile] = await profileColumns(projectPath, source, { ...choice, columns: [column] });
      if (profile) return profile;
      throw new WandError('unknown-column', `there is no column ${column}`);
    },
    exportRows: async (source, { format, path: typed, replace, ...choice }) => {
      const { exportOutput, exportRows, exportTable } = await import('../data/export.ts');
      const path = resolve(typed.replace(/^~(?=\/|$)/, homedir()));
      const file = { format, path, overwrite: replace };
      if (source.kind === 'rows') {
        return { path, rows: await exportRows(source.columns, source.rows, { ...file, table: 'result' }) };
      }
      const found = await sourceOf(source);
      const table = 'path' in found.source ? found.source.relation : found.source;
      if ('path' in found.source && (found.source.path !== null || !table)) {
        const name = source.kind === 'output' ? source.block : 'result';
        return { path, rows: await exportOutput(found.source, choice, { ...file, table: name }) };
      }
      const { schema, table: name, profile } = table!;
      const rows = await withDataClient(found.projectPath, profile, (client) =>
        exportTable(client, { schema, table: name }, choice, { ...file, table: `${schema}.${name}` }),
      );
      return { path, rows };
    },
    diff: async (left, right, key) => {
      const { diffOutputs } = await import('../data/diff.ts');
      return diffOutputs((await outputOf(left)).output, (await outputOf(right)).output, { key });
    },
    profiles: profileNames,
    runSql: async (projectPath, sql, { profile, write, signal }) => {
      const { runSql } = await import('../postgres/run-sql.ts');
      const results = await withDataClient(
        projectPath,
        profile ?? undefined,
        (client) => runSql(client, sql, { write, limit: mostAnswerRows }),
        signal,
      );
      const nothing = { command: '', columns: [], rows: [], affected: null, truncated: false };
      return results.findLast(({ columns }) => columns.length > 0) ?? results.at(-1) ?? nothing;
    },
    describeTable: (projectPath, table) =>
      withDataClient(projectPath, table.profile, (client) => tableDetail(client, table)),
  };
};
