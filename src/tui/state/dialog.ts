import type { RunPlan } from '../../engine/client/plan-run.ts';
import type { RerunRequest, TableEntry } from '../workbench-source.ts';
import type { CatalogDialog } from './catalog.ts';
import type { ConsoleDialog, DataDialog } from './data-dialog.ts';
import type { DialogId } from './dialog-id.ts';
import type { Trouble } from './state.ts';

/** What lies over the screen and takes all keys. */
export type Dialog =
  | DataDialog
  | { kind: 'help'; filter: string; top: number }
  | ConfirmDialog
  | CatalogDialog
  | PaletteDialog
  | PlanDialog
  | { kind: 'copy' }
  | { kind: 'commands'; cursor: number }
  | SimilarDialog;

/** `name` must be typed before it is done: for what cannot be taken back. */
type ConfirmDialog = {
  kind: 'confirm';
  title: string;
  lines: string[];
  question: Question;
  name?: string;
  typed?: string;
};

/** What a yes does. */
export type Question =
  | { kind: 'cancel'; runId: string }
  | { kind: 'retry'; runId: string; from: string }
  | { kind: 'start'; request: RerunRequest }
  /** The console comes back afterwards, whatever the answer. */
  | { kind: 'sql'; console: ConsoleDialog };

/** Runs that failed like the one on show. */
export type SimilarDialog = { kind: 'similar'; cursor: number };

/**
 * `tables` come after it has opened; null until then. `under` is the title of the entry under the cursor once the reader has moved it: the list
 * changes while runs come and go, and the cursor stays on its entry.
 */
export type PaletteDialog = DialogId & {
  kind: 'palette';
  text: string;
  cursor: number;
  under: string | null;
  tables: readonly TableEntry[] | null;
};

/** What a rerun would do. `plan` comes after it has opened; enter works without it. */
export type PlanDialog = {
  kind: 'plan';
  request: RerunRequest;
  plan: RunPlan | null;
  trouble: Trouble | null;
  /** Rows now in the tables that it writes, by `schema.table`; estimates. Null until they are known. */
  rowsNow: ReadonlyMap<string, number> | null;
  editing: PlanEdit | null;
};

export type PlanEdit = { field: 'variables' | 'date'; text: string; problem: string | null };
