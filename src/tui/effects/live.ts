import type { Store } from '../state/store.ts';
import type { SourceEvent, WorkbenchSource } from '../workbench-source.ts';
import type { Loader } from './loader.ts';

/** At most ten questions a second, however many changes are told. */
const interval = 100;

const everything = ['runs', 'run', 'log'] as const;

/** Reads again what the source says has changed; answers how to stop. */
export const followChanges = (source: WorkbenchSource, store: Store, loader: Loader): (() => void) => {
  const changed = new Set<SourceEvent['kind']>();
  let timer: NodeJS.Timeout | undefined;
  let last = Number.NEGATIVE_INFINITY;

  const flush = (): void => {
    timer = undefined;
    last = performance.now();
    const kinds = new Set(changed);
    changed.clear();
    if (kinds.has('connection')) {
      const before = store.state().connection.database;
      store.dispatch({ type: 'connection', connection: source.connection() });
      if (before !== 'up' && source.connection().database === 'up') {
        // What changed while nobody could tell us is asked for; the first time the first questions wait for the connection themselves.
        if (before === 'down') for (const kind of everything) kinds.add(kind);
        loader.hurry();
        // Rows that could not be read are tried again.
        if (store.state().data.trouble) store.dispatch({ type: 'lookChanged', look: {} });
      }
    }
    if (kinds.has('runs')) {
      void loader.latest();
      loader.runs();
    }
    if (kinds.has('run')) loader.snapshot();
    if (kinds.has('log')) loader.logTail();
  };

  const stopListening = source.onChange((event) => {
    if (event.kind === 'resumed') for (const kind of everything) changed.add(kind);
    else if ('runId' in event && event.runId !== store.state().runId) {
      if (event.kind === 'log') return;
      changed.add('runs');
    } else changed.add(event.kind);
    timer ??= setTimeout(flush, Math.max(0, interval - (performance.now() - last)));
  });
  return () => {
    stopListening();
    clearTimeout(timer);
  };
};
