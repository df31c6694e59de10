import type { RelationReference, RowChoice } from '../model/output.ts';
import type { ColumnProfile } from '../model/profile.ts';
import type { Memory } from './ui-file.ts';

/** Rows of a run's output, or of a table. */
export type DataTarget =
  | { kind: 'output'; runId: string; block: string; output: string }
  | { kind: 'table'; projectPath: string; table: RelationReference };

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
}
