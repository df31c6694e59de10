import { shownAttempt } from './failure-state.ts';
import { blockRun } from './select.ts';
import type { State } from './state.ts';

/** The rows that a failed block worked on, with the row it was at where that is known; null where it has no input with rows. */
export const failureInput = (state: State): { block: string; row: number | null } | null => {
  const failed = blockRun(state, state.block);
  if (!failed?.error) return null;
  const row = shownAttempt(state, failed).error?.row ?? null;
  const known = row?.input ?? null;
  const inputs = failed.upstream.filter((uuid) => hasRows(state, uuid));
  const block = known !== null && inputs.includes(known) ? known : inputs[0];
  if (block === undefined) return null;
  return { block, row: block === known || inputs.length === 1 ? (row?.number ?? null) : null };
};

const hasRows = (state: State, uuid: string): boolean => {
  const output = blockRun(state, uuid)?.outputs[0];
  return output !== undefined && output.kind !== 'pickle';
};
