import type { Dialog, PlanDialog, PlanEdit } from '../state/dialog.ts';
import { planEdit } from '../state/plan-edit.ts';
import type { Store } from '../state/store.ts';
import type { RerunRequest, WorkbenchSource } from '../workbench-source.ts';
import { troubleOf } from './effects.ts';

/** Opens the plan of a rerun, at once, and fills it in as the answers come; a field of it may be open for editing. */
export const createPlanner =
  (source: WorkbenchSource, store: Store) =>
  (request: RerunRequest, field?: PlanEdit['field']): void => {
    const before = planIn(store.state().dialog);
    const opened: PlanDialog = {
      kind: 'plan',
      request,
      plan: null,
      trouble: null,
      rowsNow: before?.rowsNow ?? null,
      editing: null,
    };
    store.dispatch({ type: 'dialog', dialog: opened });
    /** Answers to a request that is not asked any more are dropped. */
    const change = (part: Partial<PlanDialog>): void => {
      const now = planIn(store.state().dialog);
      if (now?.request === request) store.dispatch({ type: 'dialog', dialog: { ...now, ...part } });
    };
    source.planRun(request).then(
      (plan) => {
        change({ plan });
        if (field) change({ editing: planEdit({ ...opened, plan }, field) });
        if (plan.writes.length > 0 && !opened.rowsNow) void countRows(request);
      },
      (error) => change({ trouble: troubleOf(error) }),
    );

    /** The tables are the project's, whatever of the request was edited meanwhile. */
    async function countRows({ projectPath }: RerunRequest): Promise<void> {
      const tables = await source.listTables(projectPath).catch(() => []);
      const now = planIn(store.state().dialog);
      if (now?.request.projectPath !== projectPath) return;
      const rowsNow = new Map(tables.map(({ schema, table, rowEstimate }) => [`${schema}.${table}`, rowEstimate]));
      store.dispatch({ type: 'dialog', dialog: { ...now, rowsNow } });
    }
  };

const planIn = (dialog: Dialog | null): PlanDialog | null => (dialog?.kind === 'plan' ? dialog : null);
