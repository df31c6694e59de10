import { type CatalogDialog, emptyCatalog, firstTable, tableKey } from '../state/catalog.ts';
import { isStill, newDialogId } from '../state/dialog-id.ts';
import { projectPathOf } from '../state/select.ts';
import type { Store } from '../state/store.ts';
import type { TableEntry, WorkbenchSource } from '../workbench-source.ts';
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
  const open = (): CatalogDialog | null => {
    const { dialog } = store.state();
    return dialog?.kind === 'tables' ? dialog : null;
  };
  const change = (opened: CatalogDialog | null, next: (dialog: CatalogDialog) => Partial<CatalogDialog>): void => {
    const { dialog } = store.state();
    if (opened && isStill<CatalogDialog>(dialog, opened))
      dispatch({ type: 'dialog', dialog: { ...dialog, ...next(dialog) } });
  };
  const setOpen = (entry: TableEntry, isOpen: boolean): void =>
    change(open(), ({ unfolded }) => {
      const next = new Set(unfolded);
      if (isOpen) next.add(tableKey(entry));
      else next.delete(tableKey(entry));
      return { unfolded: next };
    });

  return {
    openTables: () => {
      const projectPath = projectPathOf(store.state());
      if (projectPath === undefined) return;
      const opened = { ...emptyCatalog, id: newDialogId() };
      dispatch({ type: 'dialog', dialog: opened });
      source.listTables(projectPath).then(
        (entries) => change(opened, (dialog) => ({ entries, cursor: firstTable({ ...dialog, entries }) })),
        (error) => change(opened, () => ({ trouble: troubleOf(error) })),
      );
    },
    unfoldTable: (entry) => {
      setOpen(entry, true);
      const dialog = open();
      const key = tableKey(entry);
      const projectPath = projectPathOf(store.state());
      if (!dialog || projectPath === undefined || dialog.details.get(key)) return;
      source.data.describeTable(projectPath, entry).then(
        (detail) => change(dialog, ({ details }) => ({ details: new Map(details).set(key, detail) })),
        (error) => change(dialog, ({ details }) => ({ details: new Map(details).set(key, troubleOf(error)) })),
      );
    },
    foldTable: (entry) => setOpen(entry, false),
  };
};
