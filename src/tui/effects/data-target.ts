import type { DataTarget } from '../data-door.ts';
import { projectPathOf, type ShownData } from '../state/select.ts';
import type { State } from '../state/state.ts';

/** What the pane shows, as the door to the data names it; null for results of the console and for nothing. */
export const targetOf = (state: State, view: ShownData): DataTarget | null => {
  if (view.kind === 'output') {
    return { kind: 'output', runId: view.runId, block: view.block, output: view.output.name };
  }
  if (view.kind !== 'table' || !state.data.table) return null;
  const projectPath = projectPathOf(state);
  const { profile, schema, table } = state.data.table;
  return projectPath === undefined ? null : { kind: 'table', projectPath, table: { profile, schema, table } };
};
