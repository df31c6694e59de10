import { fullCount } from '../../draw/numbers.ts';
import { displayText } from '../../draw/text-width.ts';
import { exportFormats } from '../../model/export.ts';
import { sqlErrorPosition } from '../../postgres/sql-error-position.ts';
import { WandError } from '../../problem/wand-error.ts';
import type { HeldRows } from '../data-door.ts';
import type { ChartsDialog, ConsoleDialog, DiffDialog, ExportDialog } from '../state/data-dialog.ts';
import { textAtEnd } from '../state/data-dialog.ts';
import { shownColumns } from '../state/data-grid.ts';
import { choiceOf } from '../state/data-look.ts';
import { type DialogId, isStill, newDialogId } from '../state/dialog-id.ts';
import { sortedRows } from '../state/query-rows.ts';
import { dataView, projectPathOf } from '../state/select.ts';
import type { Store } from '../state/store.ts';
import type { WorkbenchSource } from '../workbench-source.ts';
import { targetOf } from './data-target.ts';
import { troubleOf } from './effects.ts';
import type { TypedHistory } from './typed-history.ts';

/** Export, comparison and console: what the dialogs of the data pane ask of the door. */
export type DataTools = {
  openExport(): void;
  exportRows(): void;
  openDiff(): void;
  /** Compares with the run that stands `by` places further in the list; 0 compares again. */
  compareWith(by: number): void;
  openCharts(): void;
  openConsole(): void;
  runConsole(): void;
  /** Stops a statement that runs; answers whether there was one. */
  stopConsole(): boolean;
};

type Asking = ChartsDialog | ConsoleDialog | DiffDialog | ExportDialog;

/** Runs that are looked at for one to compare with. */
const mostRuns = 200;

export const createDataTools = (source: WorkbenchSource, store: Store, history: TypedHistory): DataTools => {
  const { dispatch } = store;
  const say = (text: string): void => dispatch({ type: 'status', status: { text, kind: 'info' } });
  /** Changes a dialog if it is still the one that asked. */
  const change = <D extends Asking>(opened: DialogId & { kind: D['kind'] }, next: Partial<D>): void => {
    const { dialog } = store.state();
    if (isStill<D>(dialog, opened)) dispatch({ type: 'dialog', dialog: { ...dialog, ...next } });
  };
  let running: AbortController | null = null;
  let asked = 0;
  let lastProfile: string | null = null;

  const compare = async (dialog: DiffDialog, left: string): Promise<void> => {
    const mine = ++asked;
    dispatch({ type: 'dialog', dialog: { ...dialog, left, diff: null, trouble: null, top: 0 } });
    const target = (runId: string) => ({ kind: 'output' as const, runId, block: dialog.block, output: dialog.output });
    try {
      const diff = await source.data.diff(target(left), target(dialog.right), dialog.key);
      if (mine === asked) change<DiffDialog>(dialog, { diff });
    } catch (error) {
      if (mine === asked) change<DiffDialog>(dialog, { trouble: troubleOf(error) });
    }
  };

  const findOthers = async (opened: DiffDialog): Promise<void> => {
    const { pipeline } = store.state();
    const runs = await source.listRuns(pipeline, mostRuns);
    const others = runs.filter(({ id }) => id !== opened.right);
    const ids = others.map(({ id }) => id);
    // The last good run before this one, else any other.
    const before = others.find(({ id, status }) => status === 'completed' && Number(id) < Number(opened.right));
    const left = before?.id ?? ids[0];
    if (left === undefined)
      return change<DiffDialog>(opened, { trouble: { message: 'There is no other run of this pipeline.', fix: null } });
    const { dialog } = store.state();
    if (isStill<DiffDialog>(dialog, opened)) await compare({ ...dialog, others: ids }, left);
  };

  return {
    openExport: () => {
      const view = dataView(store.state());
      if (view.kind === 'none') return;
      const name =
        view.kind === 'output' ? view.block : view.kind === 'table' ? store.state().data.table!.table : 'result';
      const path = `${name.replace(/[^\p{L}\p{N}_.-]+/gu, '_').replace(/^\.+/, '')}.csv`;
      dispatch({
        type: 'dialog',
        dialog: {
          kind: 'export',
          id: newDialogId(),
          path: textAtEnd(path),
          format: 'csv',
          replace: false,
          busy: false,
          trouble: null,
        },
      });
    },
    exportRows: () => {
      const state = store.state();
      const { dialog, data } = state;
      const view = dataView(state);
      if (dialog?.kind !== 'export' || dialog.busy || view.kind === 'none') return;
      const places = shownColumns(data);
      const held: HeldRows | null = data.query && {
        kind: 'rows',
        columns: places.map((place) => data.query!.result.columns[place]!),
        rows: sortedRows(data.query.result, data.look.sort ?? undefined).map((row) =>
          places.map((place) => row[place] ?? null),
        ),
      };
      change<ExportDialog>(dialog, { busy: true, trouble: null });
      source.data
        .exportRows(held ?? targetOf(state, view)!, {
          columns: places.map((place) => data.columns[place]!.name),
          format: dialog.format,
          path: dialog.path.text,
          replace: dialog.replace,
          ...choiceOf(data.look),
        })
        .then(
          ({ rows, path }) => {
            if (isStill<ExportDialog>(store.state().dialog, dialog)) dispatch({ type: 'dialog', dialog: null });
            say(`${fullCount(rows)} rows written to ${displayText(path)}`);
          },
          (error) => {
            const isThere = error instanceof WandError && error.code === 'file-exists';
            const trouble = isThere
              ? { message: error.message, fix: 'enter again replaces it; another path does not' }
              : troubleOf(error);
            change<ExportDialog>(dialog, { busy: false, replace: isThere, trouble });
          },
        );
    },
    openDiff: () => {
      const view = dataView(store.state());
      if (view.kind !== 'output') return;
      const opened: DiffDialog = {
        kind: 'diff',
        id: newDialogId(),
        block: view.block,
        output: view.output.name,
        left: null,
        right: view.runId,
        others: [],
        key: [],
        diff: null,
        trouble: null,
        top: 0,
      };
      dispatch({ type: 'dialog', dialog: opened });
      findOthers(opened).catch((error) => change<DiffDialog>(opened, { trouble: troubleOf(error) }));
    },
    compareWith: (by) => {
      const { dialog } = store.state();
      if (dialog?.kind !== 'diff' || dialog.left === null) return;
      const next = dialog.others[dialog.others.indexOf(dialog.left) + by];
      if (next === undefined) say(by > 0 ? 'there is no older run' : 'there is no newer run');
      else void compare(dialog, next);
    },
    openCharts: () => {
      const { pipeline, runId } = store.state();
      if (!pipeline) return;
      const opened: ChartsDialog = {
        kind: 'charts',
        id: newDialogId(),
        charts: null,
        run: runId,
        trouble: null,
        top: 0,
      };
      dispatch({ type: 'dialog', dialog: opened });
      source.data.charts(pipeline, runId).then(
        (charts) => change<ChartsDialog>(opened, { charts }),
        (error) => change<ChartsDialog>(opened, { trouble: troubleOf(error) }),
      );
    },
    openConsole: () => {
      const state = store.state();
      const projectPath = projectPathOf(state);
      if (projectPath === undefined) return;
      const known = history.of('sql');
      const text = state.data.query?.sql ?? '';
      const opened: ConsoleDialog = {
        kind: 'console',
        id: newDialogId(),
        typed: textAtEnd(text),
        draft: text,
        history: known,
        back: -1,
        write: false,
        profile: lastProfile,
        profiles: [],
        busy: false,
        trouble: null,
        answer: null,
      };
      dispatch({ type: 'dialog', dialog: opened });
      source.data.profiles(projectPath).then(
        (profiles) => change<ConsoleDialog>(opened, { profiles, profile: lastProfile ?? profiles[0] ?? null }),
        (error) => change<ConsoleDialog>(opened, { trouble: troubleOf(error) }),
      );
    },
    runConsole: () => {
      const state = store.state();
      const { dialog } = state;
      if (dialog?.kind !== 'console' || dialog.busy) return;
      const sql = dialog.typed.text.trim();
      const projectPath = projectPathOf(state);
      if (sql === '' || projectPath === undefined) return;
      history.add('sql', sql);
      lastProfile = dialog.profile;
      const mine = new AbortController();
      running = mine;
      change<ConsoleDialog>(dialog, { busy: true, trouble: null, answer: null });
      const { write, profile } = dialog;
      source.data
        .runSql(projectPath, sql, { profile, write, signal: mine.signal })
        .then(
          (result) => {
            const { command, columns, affected } = result;
            if (columns.length === 0) {
              const answer = `${command}${affected === null ? '' : ` ${fullCount(affected)}`}`;
              change<ConsoleDialog>(dialog, { busy: false, answer });
              return;
            }
            dispatch({ type: 'queryShown', query: { id: ++asked, sql, write, profile, result } });
            dispatch({ type: 'focused', pane: 'data' });
            if (isStill<ConsoleDialog>(store.state().dialog, dialog)) dispatch({ type: 'dialog', dialog: null });
            if (result.truncated) say(`the first ${fullCount(result.rows.length)} of ${fullCount(affected ?? 0)} rows`);
          },
          (error) => {
            // The console shows the text as it was typed: blanks before it count.
            const place = sqlErrorPosition(error, sql);
            const at = place === null ? null : dialog.typed.text.indexOf(sql) + place;
            change<ConsoleDialog>(dialog, {
              busy: false,
              trouble: mine.signal.aborted ? { message: 'stopped', fix: null } : troubleOf(error),
              ...(at === null ? {} : { typed: { text: dialog.typed.text, at } }),
            });
          },
        )
        .finally(() => {
          if (running === mine) running = null;
        });
    },
    stopConsole: () => {
      if (!running) return false;
      running.abort();
      return true;
    },
  };
};

/** The next format, and the path with its ending if it had that of the last one. */
export const nextFormat = ({ format, path }: ExportDialog): Pick<ExportDialog, 'format' | 'path'> => {
  const next = exportFormats[(exportFormats.indexOf(format) + 1) % exportFormats.length]!;
  const ending = (name: string): string => (name === 'insert' ? 'sql' : name);
  const text = path.text.replace(new RegExp(`\\.${ending(format)}$`), `.${ending(next)}`);
  return { format: next, path: textAtEnd(text) };
};
