import { displayText } from '../../draw/text-width.ts';
import type { TextBody, TextDialog } from '../state/data-dialog.ts';
import { cellOf, cursorColumn, shownColumns } from '../state/data-grid.ts';
import { choiceOf } from '../state/data-look.ts';
import { isStill, newDialogId } from '../state/dialog-id.ts';
import { dataView } from '../state/select.ts';
import type { Store } from '../state/store.ts';
import type { WorkbenchSource } from '../workbench-source.ts';
import { type CatalogEffects, createCatalog } from './catalog-effects.ts';
import { readPage } from './data-loader.ts';
import { targetOf } from './data-target.ts';
import { createDataTools, type DataTools } from './data-tools.ts';
import { troubleOf } from './effects.ts';
import { createHistory, type HistoryKind } from './typed-history.ts';

/** What the data pane does beyond its state. */
export type DataEffects = DataTools &
  CatalogEffects & {
    openValue(): void;
    openRecord(): void;
    /** Makes the profile of the column under the cursor, of all rows. */
    profileColumn(): void;
    history(kind: HistoryKind): readonly string[];
    remember(kind: HistoryKind, text: string): void;
  };

/** Characters of a cell that a dialog shows. */
const longestValue = 2_000_000;
/** Columns of a record, and characters of each of its values. */
const longestRecord = { columns: 10_000, characters: 2_000 };

export const createDataEffects = (source: WorkbenchSource, store: Store): DataEffects => {
  const { dispatch } = store;
  const history = createHistory(source.data.typed);

  /** Opens a dialog that says that it reads, then fills it, unless another one has taken its place. */
  const openText = (title: string, read: () => Promise<TextBody>): void => {
    const opened: TextDialog = { kind: 'text', id: newDialogId(), title, body: null, trouble: null, top: 0 };
    dispatch({ type: 'dialog', dialog: opened });
    const fill = (change: Partial<TextDialog>): void => {
      const { dialog } = store.state();
      if (isStill<TextDialog>(dialog, opened)) dispatch({ type: 'dialog', dialog: { ...dialog, ...change } });
    };
    read().then(
      (body) => fill({ body }),
      (error) => fill({ trouble: troubleOf(error) }),
    );
  };

  /** The row under the cursor, with long values cut only after so many characters. */
  const wholeRow = async (columns: { from: number; count: number }, cut: number) => {
    const state = store.state();
    const view = dataView(state);
    if (view.kind === 'none') throw new Error('there are no rows');
    const page = await readPage(source, state, view, {
      offset: state.data.cursor.row,
      limit: 1,
      columns,
      cut,
      ...choiceOf(state.data.look),
    });
    const from = page.from ?? 0;
    return (index: number) => page.rows[0]?.[index - from] ?? null;
  };

  return {
    ...createDataTools(source, store, history),
    ...createCatalog(source, store),
    openValue: () => {
      const { data } = store.state();
      const at = cursorColumn(data);
      if (!at) return;
      const title = `${displayText(at.column.name)} of row ${data.cursor.row + 1}`;
      const held = cellOf(data, data.cursor.row, at.index);
      openText(title, async () => {
        // Numbers and the like are never cut.
        const short = held === null || (held !== undefined && (typeof held !== 'string' || held.length < 400));
        const value = short ? held : (await wholeRow({ from: at.index, count: 1 }, longestValue))(at.index);
        return { kind: 'value', column: at.column, value };
      });
    },
    openRecord: () => {
      const { data } = store.state();
      const { row } = data.cursor;
      openText(`row ${row + 1}`, async () => {
        const places = shownColumns(data).slice(0, longestRecord.columns);
        const value = await wholeRow({ from: 0, count: longestRecord.columns }, longestRecord.characters);
        return { kind: 'record', row, columns: places.map((at) => data.columns[at]!), values: places.map(value) };
      });
    },
    profileColumn: () => {
      const state = store.state();
      const view = dataView(state);
      const target = targetOf(state, view);
      const at = cursorColumn(state.data);
      if (!at || !target || view.base === null) return;
      const known = state.data.profiles.get(at.column.name);
      if (known && !known.sampled) return;
      const { base } = view;
      const { where } = state.data.look;
      source.data.profile(target, at.column.name, where ? { where } : {}).then(
        (profile) => {
          if (store.state().data.look.where === where)
            dispatch({ type: 'columnProfiled', base, column: at.column.name, profile });
        },
        (error) => {
          const { message } = troubleOf(error);
          // What was known from a sample stays.
          if (!known) dispatch({ type: 'columnProfiled', base, column: at.column.name, profile: null });
          dispatch({ type: 'status', status: { text: message, kind: 'error' } });
        },
      );
    },
    history: history.of,
    remember: history.add,
  };
};
