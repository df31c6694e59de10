import type { Page, PageRequest } from '../../model/output.ts';
import { blockColumns, chunkRows, columnsInView, missingParts } from '../state/data-grid.ts';
import { choiceOf } from '../state/data-look.ts';
import { sortedRows } from '../state/query-rows.ts';
import { dataView, projectPathOf, type ShownData } from '../state/select.ts';
import type { State } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import type { WorkbenchSource } from '../workbench-source.ts';
import { columnWidths } from './column-widths.ts';
import { targetOf } from './data-target.ts';
import { troubleOf } from './effects.ts';
import type { Once } from './once.ts';

/** Characters of a cell that a screen holds; the whole value is asked for when it is opened. */
export const longestCell = 500;

type DataLoader = ((state: State) => void) & { isBusy(): boolean; close(): void };

type Shown = Exclude<ShownData, { kind: 'none' }>;

/**
 * Fetches the rows in view, one page at a time, and after them the histograms of their columns. What is not in view any more when its
 * turn comes is never asked for, and a page that nobody waits for is cancelled: a key held down asks for what is seen at its end.
 */
export const createDataLoader = (source: WorkbenchSource, store: Store, once: Once): DataLoader => {
  const { dispatch } = store;
  let flight: { id: string; abort: AbortController } | null = null;
  let closed = false;
  /** Rows whose number was asked for, once. */
  let countedKey: string | null = null;

  const load = (state: State, view: Shown, chunk: number, block: number): void => {
    const mine = { id: partId(view.key, chunk, block), abort: new AbortController() };
    flight = mine;
    const offset = chunk * chunkRows;
    const request = {
      offset,
      limit: chunkRows,
      columns: { from: block * blockColumns, count: blockColumns },
      cut: longestCell,
      ...choiceOf(state.data.look),
      // Known to the row, the second half of a table is read from its end.
      ...(state.data.end !== null && offset > state.data.end / 2 ? { exact: true } : {}),
    };
    // Never in the same turn: this is called while the state changes.
    Promise.resolve()
      .then(() => {
        // Of many keys at once only the last one's rows are asked for.
        mine.abort.signal.throwIfAborted();
        return readPage(source, state, view, request, mine.abort.signal);
      })
      .then(
        (page) => {
          if (!mine.abort.signal.aborted)
            dispatch({ type: 'dataLoaded', key: view.key, chunk, block, page, widths: columnWidths(page) });
        },
        (error) => {
          if (!mine.abort.signal.aborted) dispatch({ type: 'dataFailed', key: view.key, trouble: troubleOf(error) });
        },
      )
      // Not after an error of our own, which would come again and again.
      .then(() => {
        if (flight === mine) flight = null;
        sync(store.state());
      });
  };

  const sync = (state: State): void => {
    if (closed || state.tab !== 'data') return;
    const view = dataView(state);
    if (view.base !== state.data.base || view.key !== state.data.key) {
      dispatch({ type: 'dataOpened', key: view.key, base: view.base });
      return;
    }
    const missing = view.kind === 'none' || state.data.trouble ? [] : missingParts(state);
    if (flight && !missing.some(({ chunk, block }) => flight?.id === partId(view.key!, chunk, block))) {
      flight.abort.abort();
      flight = null;
    }
    const [next] = missing;
    if (view.kind === 'none') return;
    if (countedKey !== view.key && atEstimatedEnd(state)) {
      // The rows there are asked for when it is known where they are.
      void once.refresh(`count ${view.key}`, async () => {
        if (countedKey === view.key) return;
        await countRows(source, store, view);
        countedKey = view.key;
        sync(store.state());
      });
      return;
    }
    if (next && !flight) load(state, view, next.chunk, next.block);
    if (!next && !flight && state.data.rowCount > 0) profileNext(source, store, state, view, once);
  };
  const close = (): void => {
    closed = true;
    flight?.abort.abort();
  };
  return Object.assign(sync, { isBusy: () => flight !== null, close });
};

/** An estimate is good enough until somebody wants to see the last row. */
const atEstimatedEnd = ({ data }: State): boolean =>
  data.loaded &&
  data.estimated &&
  data.heldKey === data.key &&
  !data.trouble &&
  data.cursor.row >= data.rowCount - 1 &&
  data.rowCount > chunkRows;

/** Where counting fails or takes too long the estimate has to do. */
const countRows = async (source: WorkbenchSource, { state, dispatch }: Store, view: Shown): Promise<void> => {
  const { where } = state().data.look;
  const request = { offset: 0, limit: 1, columns: { from: 0, count: 1 }, exact: true, ...(where ? { where } : {}) };
  const page = await readPage(source, state(), view, request).catch(() => null);
  if (page && !page.estimated) dispatch({ type: 'dataCounted', key: view.key, rowCount: page.rowCount });
};

const partId = (key: string, chunk: number, block: number): string => `${chunk} ${block} ${key}`;

/** One column at a time, so that a key never waits for many of them. */
const profileNext = (source: WorkbenchSource, store: Store, state: State, view: Shown, once: Once): void => {
  const { dispatch } = store;
  const target = targetOf(state, view);
  const next = target && columnsInView(state).find(({ name }) => !state.data.profiles.has(name));
  if (!target || !next) return;
  const { base } = view;
  const { where } = state.data.look;
  void once.refresh(`profile ${base} ${where}`, async () => {
    const profile = await source.data
      .profile(target, next.name, { quick: true, ...(where ? { where } : {}) })
      // A type that cannot be profiled has no histogram; that is no trouble for the rows.
      .catch(() => null);
    // Another condition came meanwhile: its profiles are asked for by themselves.
    if (store.state().data.look.where === where) dispatch({ type: 'columnProfiled', base, column: next.name, profile });
  });
};

/** A page of what the view shows. */
export const readPage = async (
  source: WorkbenchSource,
  state: State,
  view: Shown,
  request: PageRequest,
  signal?: AbortSignal,
): Promise<Page> => {
  if (view.kind === 'table') return source.tablePage(projectPathOf(state)!, state.data.table!, request, signal);
  if (view.kind === 'output') return source.outputPage(view.runId, view.block, view.output.name, request, signal);
  const { result } = state.data.query!;
  const rows = sortedRows(result, request.sort);
  const { from, count } = request.columns ?? { from: 0, count: result.columns.length };
  return {
    columns: result.columns,
    rows: rows.slice(request.offset, request.offset + request.limit).map((row) => row.slice(from, from + count)),
    rowCount: rows.length,
    estimated: false,
    from,
  };
};
