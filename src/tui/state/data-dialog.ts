import type { ChartResult } from '../../model/chart.ts';
import type { OutputDiff } from '../../model/diff.ts';
import type { ExportFormat } from '../../model/export.ts';
import type { CellValue, Column } from '../../model/output.ts';
import type { LogLine } from '../../model/run.ts';
import type { DialogId } from './dialog-id.ts';
import type { EditedText } from './line-edit.ts';
import type { Trouble } from './state.ts';

/** What a scrollable dialog shows; drawn for the width it has. */
export type TextBody =
  | { kind: 'value'; column: Column; value: CellValue }
  | { kind: 'record'; row: number; columns: readonly Column[]; values: readonly CellValue[] }
  | { kind: 'line'; line: LogLine };

export type TextDialog = DialogId & {
  kind: 'text';
  title: string;
  body: TextBody | null;
  trouble: Trouble | null;
  top: number;
};

/** One line asked for. `history` is what was typed before, newest first; `back` the place in it, -1 for what is typed now. */
export type PromptDialog = {
  kind: 'prompt';
  purpose: 'where' | 'row' | 'key';
  title: string;
  hint: string;
  line: EditedText;
  draft: string;
  history: readonly string[];
  back: number;
  error: string | null;
  /** The dialog it was asked from, which comes back. */
  under?: DiffDialog;
};

/** The profile of the column under the cursor, below the rows. */
export type ProfileDialog = { kind: 'profile'; bar: number };

/** Columns with a mark each: those that are shown. */
export type ColumnsDialog = { kind: 'columns'; filter: EditedText; cursor: number };

/** Rows on their way into a file. `replace` once the reader knows that there is one already. */
export type ExportDialog = DialogId & {
  kind: 'export';
  path: EditedText;
  format: ExportFormat;
  replace: boolean;
  busy: boolean;
  trouble: Trouble | null;
};

/** What differs between this output of two runs. `left` is null while the other run is looked for. */
export type DiffDialog = DialogId & {
  kind: 'diff';
  block: string;
  output: string;
  left: string | null;
  right: string;
  /** Runs that can be compared with, newest first. */
  others: readonly string[];
  /** Columns that name a row; none: one is looked for. */
  key: readonly string[];
  diff: OutputDiff | null;
  trouble: Trouble | null;
  top: number;
};

/** A statement being typed. `place` is where in it the mistake is. */
export type ConsoleDialog = DialogId & {
  kind: 'console';
  typed: EditedText;
  draft: string;
  history: readonly string[];
  back: number;
  write: boolean;
  profile: string | null;
  profiles: readonly string[];
  busy: boolean;
  trouble: Trouble | null;
  answer: string | null;
};

/** The chart blocks of the pipeline, one below the other. */
export type ChartsDialog = DialogId & {
  kind: 'charts';
  charts: readonly ChartResult[] | null;
  run: string | null;
  trouble: Trouble | null;
  top: number;
};

export type DataDialog =
  | ChartsDialog
  | TextDialog
  | PromptDialog
  | ProfileDialog
  | ColumnsDialog
  | ExportDialog
  | DiffDialog
  | ConsoleDialog;

export const textAtEnd = (text: string): EditedText => ({ text, at: text.length });

/** Every kind of them, which are names of contexts too. */
export const dataDialogKinds = [
  'text',
  'prompt',
  'profile',
  'columns',
  'export',
  'diff',
  'console',
  'charts',
] as const satisfies DataDialog['kind'][];

export const isDataDialog = (dialog: { kind: string }): dialog is DataDialog =>
  (dataDialogKinds as readonly string[]).includes(dialog.kind);
