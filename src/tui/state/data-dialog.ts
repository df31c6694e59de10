import type { CellValue, Column } from '../../model/output.ts';
import type { EditedText } from './line-edit.ts';
import type { Trouble } from './state.ts';

/** What a scrollable dialog shows; drawn for the width it has. */
export type TextBody =
  | { kind: 'value'; column: Column; value: CellValue }
  | { kind: 'record'; row: number; columns: readonly Column[]; values: readonly CellValue[] };

export type TextDialog = { kind: 'text'; title: string; body: TextBody | null; trouble: Trouble | null; top: number };

/** One line asked for. `history` is what was typed before, newest first; `back` the place in it, -1 for what is typed now. */
export type PromptDialog = {
  kind: 'prompt';
  purpose: 'where' | 'row';
  title: string;
  hint: string;
  line: EditedText;
  draft: string;
  history: readonly string[];
  back: number;
  error: string | null;
};

/** The profile of the column under the cursor, below the rows. */
export type ProfileDialog = { kind: 'profile'; bar: number };

/** Columns with a mark each: those that are shown. */
export type ColumnsDialog = { kind: 'columns'; filter: EditedText; cursor: number };

export type DataDialog = TextDialog | PromptDialog | ProfileDialog | ColumnsDialog;

export const textAtEnd = (text: string): EditedText => ({ text, at: text.length });

/** Every kind of them, which are names of contexts too. */
export const dataDialogKinds = ['text', 'prompt', 'profile', 'columns'] as const satisfies DataDialog['kind'][];

export const isDataDialog = (dialog: { kind: string }): dialog is DataDialog =>
  (dataDialogKinds as readonly string[]).includes(dialog.kind);
