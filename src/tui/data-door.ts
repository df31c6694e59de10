import type { ChartResult } from '../model/chart.ts';
import type { OutputDiff } from '../model/diff.ts';
import type { ExportFormat } from '../model/export.ts';
import type { CellValue, Column, RelationReference, RowChoice } from '../model/output.ts';
import type { ColumnProfile } from '../model/profile.ts';
import type { QueryResult } from '../model/query.ts';
import type { TableDetail } from '../model/table-detail.ts';
import type { Memory } from './ui-file.ts';
import type { PipelineReference } from './workbench-source.ts';

/** An output of a block of a run. */
export type OutputTarget = { kind: 'output'; runId: string; block: string; output: string };

/** Rows of a run's output, or of a table. */
export type DataTarget = OutputTarget | { kind: 'table'; projectPath: string; table: RelationReference };

/** Rows that are held already, such as the console's. */
export type HeldRows = { kind: 'rows'; columns: Column[]; rows: CellValue[][] };

export type ExportRequest = RowChoice & {
  /** Names, in this order. */
  columns: string[];
  format: ExportFormat;
  /** As typed: from the working directory, `~` is the home folder. */
  path: string;
  replace: boolean;
};

/** What the workbench asks of data beyond pages of rows. Every call may fail with a WandError. */
export interface DataDoor {
  /** Where what was typed is kept from one workbench to the next. */
  typed: Memory;
  /** `quick` may look at a sample. */
  profile(
    target: DataTarget,
    column: string,
    choice: Pick<RowChoice, 'where'> & { quick?: boolean },
  ): Promise<ColumnProfile>;
  /** Answers the rows written and where. Throws `file-exists` unless `replace`. */
  exportRows(source: DataTarget | HeldRows, request: ExportRequest): Promise<{ rows: number; path: string }>;
  diff(left: OutputTarget, right: OutputTarget, key: readonly string[]): Promise<OutputDiff>;
  /** Profiles of io_config.yaml, the one that is used when none is named first. */
  profiles(projectPath: string): Promise<string[]>;
  /** The last statement's answer; read-only unless `write`. */
  runSql(
    projectPath: string,
    sql: string,
    options: { profile: string | null; write: boolean; signal: AbortSignal },
  ): Promise<QueryResult>;
  /** The figures of the pipeline's chart blocks over the outputs of a run. */
  charts(pipeline: PipelineReference, runId: string | null): Promise<ChartResult[]>;
  /** Columns and indexes of a table. */
  describeTable(projectPath: string, table: RelationReference): Promise<TableDetail>;
}
