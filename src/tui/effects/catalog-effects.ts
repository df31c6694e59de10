import { type CatalogDialog, emptyCatalog, firstTable, tableKey } from '../state/catalog.ts';
import type { Store } from '../state/store.ts';
import type { TableEntry, WorkbenchSource } from '../workbench-source.ts';
import { projectPathOf } from './data-loader.ts';
import { troubleOf } from './effects.ts';

export type CatalogEffects = {
  openTables(): void;
  /** Shows columns and indexes of a table, which are asked for the first time. */
  unfoldTable(entry: TableEntry): void;
  foldTable(entry: TableEntry): void;
};

/** The tree of the project's database. */
export const createCatalog = (source: WorkbenchSource, store: Store): CatalogEffects => {
  const { dispatch } = store;
  const change = (next: (dialog: CatalogDialog) => Partial<CatalogDialog>): void => {
    const { dialog } = store.state();
    if (dialog?.kind === 'tables') dispatch({ type: 'dialog', dialog: { ...dialog, ...next(dialog) } });
  };
  const setOpen = (entry: TableEntry, isOpen: boolean): void =>
    change(({ unfolded }) => {
      const next = new Set(unfolded);
      if (isOpen) next.add(tableKey(entry));
      else next.delete(tableKey(entry));
      return { unfolded: next };
    });

  return {
    openTables: () => {
      const state = store.state();
      if (!state.pipeline && !state.instance?.projects[0]) return;
      dispatch({ type: 'dialog', dialog: emptyCatalog });
      source.listTables(projectPathOf(state)).then(
        (entries) => change((dialog) => ({ entries, cursor: firstTable({ ...dialog, entries }) })),
        (error) => change(() => ({ trouble: troubleOf(error) })),
      );
    },
    unfoldTable: (entry) => {
      setOpen(entry, true);
      const { dialog } = store.state();
      const key = tableKey(entry);
      if (dialog?.kind !== 'tables' || dialog.details.get(key)) return;
      source.data.describeTable(projectPathOf(store.state()), entry).then(
        (detail) => change(({ details }) => ({ details: new Map(details).set(key, detail) })),
        (error) => change(({ details }) => ({ details: new Map(details).set(key, troubleOf(error)) })),
      );
    },
    foldTable: (entry) => setOpen(entry, false),
  };
};
