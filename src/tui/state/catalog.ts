import type { TableDetail } from '../../model/table-detail.ts';
import type { TableEntry } from '../workbench-source.ts';
import type { DialogId } from './dialog-id.ts';
import type { Trouble } from './state.ts';

/** The project's database as a tree: schemas, their tables, and of an unfolded table its columns and indexes. */
export type CatalogDialog = DialogId & {
  kind: 'tables';
  entries: readonly TableEntry[] | null;
  trouble: Trouble | null;
  filter: string;
  cursor: number;
  /** Schemas that are folded away. */
  folded: ReadonlySet<string>;
  /** Tables that are unfolded, by `tableKey`. */
  unfolded: ReadonlySet<string>;
  /** What is known of them; null while it is asked for. */
  details: ReadonlyMap<string, TableDetail | Trouble | null>;
};

export const emptyCatalog: Omit<CatalogDialog, 'id'> = {
  kind: 'tables',
  entries: null,
  trouble: null,
  filter: '',
  cursor: 0,
  folded: new Set(),
  unfolded: new Set(),
  details: new Map(),
};

export type CatalogRow =
  | { kind: 'schema'; schema: string; tables: number; isFolded: boolean }
  | { kind: 'table'; entry: TableEntry; isOpen: boolean }
  | { kind: 'column'; entry: TableEntry; column: TableDetail['columns'][number] }
  | { kind: 'index'; entry: TableEntry; index: TableDetail['indexes'][number] }
  | { kind: 'note'; entry: TableEntry; text: string; isTrouble: boolean };

export const tableKey = ({ profile, schema, table }: TableEntry): string => JSON.stringify([profile, schema, table]);

/** Tables whose schema and name have the typed text. */
const matchingTables = ({ entries, filter }: Pick<CatalogDialog, 'entries' | 'filter'>): TableEntry[] =>
  (entries ?? []).filter(({ schema, table }) => `${schema}.${table}`.toLowerCase().includes(filter.toLowerCase()));

/** The rows of the tree from top to bottom. What is typed leaves only tables that match, with their schemas unfolded. */
export const catalogRows = (dialog: CatalogDialog): CatalogRow[] => {
  const bySchema = Map.groupBy(matchingTables(dialog), ({ schema }) => schema);
  return [...bySchema].flatMap(([schema, tables]): CatalogRow[] => {
    const isFolded = dialog.filter === '' && dialog.folded.has(schema);
    const head: CatalogRow = { kind: 'schema', schema, tables: tables.length, isFolded };
    return isFolded ? [head] : [head, ...tables.flatMap((entry) => tableRows(dialog, entry))];
  });
};

const tableRows = ({ unfolded, details }: CatalogDialog, entry: TableEntry): CatalogRow[] => {
  const key = tableKey(entry);
  const isOpen = unfolded.has(key);
  const row: CatalogRow = { kind: 'table', entry, isOpen };
  if (!isOpen) return [row];
  const detail = details.get(key);
  if (!detail) return [row, { kind: 'note', entry, text: 'reading', isTrouble: false }];
  if ('message' in detail) return [row, { kind: 'note', entry, text: detail.message, isTrouble: true }];
  return [
    row,
    ...detail.columns.map((column): CatalogRow => ({ kind: 'column', entry, column })),
    ...detail.indexes.map((index): CatalogRow => ({ kind: 'index', entry, index })),
  ];
};

/** Where the cursor begins: at the first table, since that is what most come for. */
export const firstTable = (dialog: CatalogDialog): number =>
  Math.max(
    0,
    catalogRows(dialog).findIndex(({ kind }) => kind === 'table'),
  );
