import { otherRun, pastKey } from '../state/past-state.ts';
import { isActive } from '../state/select.ts';
import type { State } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import type { WorkbenchSource } from '../workbench-source.ts';
import type { Once } from './once.ts';

/** Fetches what timeline, details and the time that is left need. Answers the step to call after every change. */
export const createPastLoader =
  (source: WorkbenchSource, { state, dispatch }: Store, once: Once) =>
  (now: State): void => {
    const { tab, snapshot, past } = now;
    const key = pastKey(now);
    const isShown = tab === 'time' || tab === 'details';
    if (key === null || !snapshot || !(isShown || isActive(snapshot.run))) return;
    if (key !== past.key) {
      void once.refresh(`past ${snapshot.run.id}`, async () => {
        const wanted = pastKey(state());
        if (wanted === null || wanted === state().past.key) return;
        const runId = state().snapshot!.run.id;
        dispatch({ type: 'pastLoaded', key: wanted, past: await source.past(runId) });
      });
    }
    const other = tab === 'details' ? otherRun(now)?.id : undefined;
    if (other === undefined) return;
    const runId = snapshot.run.id;
    const isWanted = (): boolean => otherRun(state())?.id === other && state().snapshot?.run.id === runId;
    if (past.changes?.left !== other || past.changes.right !== runId) {
      void once.refresh(`changes ${other} ${runId}`, async () => {
        const known = state().past.changes;
        if (!isWanted() || (known?.left === other && known.right === runId)) return;
        dispatch({ type: 'changesLoaded', changes: await source.runChanges(other, runId) });
      });
    }
    if (past.otherSnapshot?.run.id === other) return;
    void once.refresh(`other ${other}`, async () => {
      if (!isWanted() || state().past.otherSnapshot?.run.id === other) return;
      dispatch({ type: 'otherLoaded', snapshot: await source.snapshot(other) });
    });
  };
