import type { PaletteDialog } from '../state/dialog.ts';
import { isStill, newDialogId } from '../state/dialog-id.ts';
import { projectPathOf } from '../state/select.ts';
import type { Store } from '../state/store.ts';
import type { TableEntry, WorkbenchSource } from '../workbench-source.ts';

/** Opens the palette at once; the tables of the project come when the database has said them. */
export const createPaletteOpener = (source: WorkbenchSource, store: Store): ((text?: string) => void) => {
  let known: { projectPath: string; tables: readonly TableEntry[] } | null = null;
  return (text = '') => {
    const state = store.state();
    const projectPath = projectPathOf(state);
    const tables = known?.projectPath === projectPath ? (known?.tables ?? null) : null;
    const id = newDialogId();
    store.dispatch({ type: 'dialog', dialog: { kind: 'palette', id, text, cursor: 0, under: null, tables } });
    if (projectPath === undefined) return;
    source.listTables(projectPath).then(
      (found) => {
        known = { projectPath, tables: found };
        const { dialog } = store.state();
        if (isStill<PaletteDialog>(dialog, { kind: 'palette', id }))
          store.dispatch({ type: 'dialog', dialog: { ...dialog, tables: found } });
      },
      // The palette is of use without tables; whoever wants one is told why by the list of tables.
      () => undefined,
    );
  };
};
