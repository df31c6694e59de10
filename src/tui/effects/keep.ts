import { keptOf } from '../state/kept.ts';
import type { Store } from '../state/store.ts';
import type { Memory } from '../ui-file.ts';

/** A change is written after so many milliseconds of the first one, so that a killed workbench has lost little. */
const writeAfter = 2_000;

/** Keeps the place and the settings of the panes for the next start; answers how to stop, which writes the last state. */
export const keepPlace = (store: Store, memory: Memory): (() => void) => {
  let written = JSON.stringify(keptOf(store.state()));
  let timer: NodeJS.Timeout | undefined;
  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const kept = keptOf(store.state());
    const text = JSON.stringify(kept);
    // A start that never came to a pipeline has nothing to say about the place.
    if (text === written || kept.pipeline === null) return;
    written = text;
    memory.write(kept);
  };
  const unsubscribe = store.subscribe((state, before) => {
    const moved =
      state.pipeline !== before.pipeline ||
      state.block !== before.block ||
      state.focus !== before.focus ||
      state.tab !== before.tab ||
      state.data.table !== before.data.table ||
      state.data.look !== before.data.look ||
      state.graphView !== before.graphView ||
      state.splits !== before.splits ||
      state.graphFolds !== before.graphFolds ||
      state.background !== before.background ||
      state.tree !== before.tree ||
      state.runsFilter !== before.runsFilter ||
      state.filters !== before.filters ||
      state.logs.wrap !== before.logs.wrap ||
      state.logs.time !== before.logs.time ||
      state.logs.folded !== before.logs.folded;
    if (moved) timer ??= setTimeout(write, writeAfter);
  });
  return () => {
    unsubscribe();
    write();
  };
};
