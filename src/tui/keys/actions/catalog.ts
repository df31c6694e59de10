import { type CatalogDialog, type CatalogRow, catalogRows } from '../../state/catalog.ts';
import type { Action, App } from '../action.ts';
import { closeDialog, moving } from './dialog-keys.ts';

const dialogOf = ({ state }: App): CatalogDialog => state().dialog as CatalogDialog;
const rowOf = (app: App): CatalogRow | undefined => catalogRows(dialogOf(app))[dialogOf(app).cursor];

const changed = (app: App, change: Partial<CatalogDialog>): void => {
  const next = { ...dialogOf(app), ...change };
  const last = Math.max(0, catalogRows(next).length - 1);
  app.dispatch({ type: 'dialog', dialog: { ...next, cursor: Math.max(0, Math.min(last, next.cursor)) } });
};

/** Keys of the tree of tables; what is typed filters it. */
export const catalogActions: readonly Action[] = [
  ...moving('tables', (app, by) => changed(app, { cursor: dialogOf(app).cursor + by })),
  {
    id: 'tables.choose',
    title: 'show rows',
    help: 'Show the rows of this table, or fold the schema',
    keys: ['enter'],
    context: 'tables',
    footer: 1,
    run: (app) => {
      const row = rowOf(app);
      if (!row) return;
      if (row.kind === 'schema') return foldSchema(app, row.schema, !row.isFolded);
      app.dispatch({ type: 'dialog', dialog: null });
      app.dispatch({ type: 'tableChosen', table: row.entry });
      app.dispatch({ type: 'focused', pane: 'data' });
    },
  },
  {
    id: 'tables.unfold',
    title: 'columns',
    help: 'Unfold: columns and indexes of the table, tables of the schema',
    keys: ['right'],
    context: 'tables',
    footer: 2,
    run: (app) => {
      const row = rowOf(app);
      if (row?.kind === 'schema') foldSchema(app, row.schema, false);
      else if (row?.kind === 'table' && !row.isOpen) app.effects.data.unfoldTable(row.entry);
      else changed(app, { cursor: dialogOf(app).cursor + 1 });
    },
  },
  {
    id: 'tables.fold',
    title: 'fold',
    help: 'Fold the table or the schema, or go to what this belongs to',
    keys: ['left'],
    context: 'tables',
    run: fold,
  },
  closeDialog('tables', ['esc']),
];

const foldSchema = (app: App, schema: string, isFolded: boolean): void => {
  const folded = new Set(dialogOf(app).folded);
  if (isFolded) folded.add(schema);
  else folded.delete(schema);
  changed(app, { folded });
};

function fold(app: App): void {
  const dialog = dialogOf(app);
  const row = rowOf(app);
  if (row?.kind === 'schema') foldSchema(app, row.schema, true);
  else if (row?.kind === 'table' && row.isOpen) app.effects.data.foldTable(row.entry);
  else if (row) {
    const parent = row.kind === 'table' ? 'schema' : 'table';
    const rows = catalogRows(dialog);
    changed(app, { cursor: rows.findLastIndex(({ kind }, index) => kind === parent && index < dialog.cursor) });
  }
}
