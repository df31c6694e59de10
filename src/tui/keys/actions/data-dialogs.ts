import type { Column } from '../../../model/output.ts';
import { both } from '../../state/cell-condition.ts';
import type { ColumnsDialog, DataDialog, ProfileDialog, PromptDialog } from '../../state/data-dialog.ts';
import { cursorColumn } from '../../state/data-grid.ts';
import type { DataState, State } from '../../state/state.ts';
import type { Action, App } from '../action.ts';
import { closeDialog, moving, reading } from './dialog-keys.ts';

const changed = <Kind extends DataDialog['kind']>(
  kind: Kind,
  change: (dialog: Extract<DataDialog, { kind: Kind }>, state: State) => Partial<Extract<DataDialog, { kind: Kind }>>,
): ((app: App) => void) => {
  return ({ state, dispatch }) => {
    const { dialog } = state();
    if (dialog?.kind !== kind) return;
    const own = dialog as Extract<DataDialog, { kind: Kind }>;
    dispatch({ type: 'dialog', dialog: { ...own, ...change(own, state()) } as DataDialog });
  };
};

/** Columns whose name has the typed text. */
export const matchingColumns = (data: Pick<DataState, 'columns'>, { filter }: ColumnsDialog): Column[] => {
  const text = filter.text.toLowerCase();
  return text === '' ? [...data.columns] : data.columns.filter(({ name }) => name.toLowerCase().includes(text));
};

/** Dialogs of the data pane take all keys. */
export const dataDialogActions: readonly Action[] = [
  ...reading('text', (app, by) => changed('text', ({ top }) => ({ top: Math.max(0, top + by) }))(app)),
  closeDialog('text', ['esc', 'q', 'enter', 'v']),

  ...reading('profile', (app, by) =>
    changed('profile', ({ bar }, state) => ({ bar: within(bar + by, barsOf(state)) }))(app),
  ),
  {
    id: 'profile.left',
    title: 'column before',
    help: 'The column before this one',
    keys: ['h', 'left'],
    context: 'profile',
    run: (app) => otherColumn(app, -1),
  },
  {
    id: 'profile.right',
    title: 'next column',
    help: 'The next column',
    keys: ['l', 'right'],
    context: 'profile',
    run: (app) => otherColumn(app, 1),
  },
  {
    id: 'profile.filter',
    title: 'only these rows',
    help: 'Show only the rows of this bar',
    keys: ['enter'],
    context: 'profile',
    footer: 1,
    when: (state) => (barsOf(state) > 0 ? true : 'there is no bar to choose'),
    run: ({ state, dispatch }) => {
      const { data, dialog } = state();
      const bar = profileOf(state())!.bars[(dialog as ProfileDialog).bar]!;
      dispatch({ type: 'dialog', dialog: null });
      dispatch({ type: 'lookChanged', look: { where: both(data.look.where, bar.condition) } });
    },
  },
  closeDialog('profile', ['esc', 'F', 'q']),

  ...moving('columns', (app, by) =>
    changed('columns', (dialog, state) => ({
      cursor: within(dialog.cursor + by, matchingColumns(state.data, dialog).length),
    }))(app),
  ),
  {
    id: 'columns.toggle',
    title: 'show or hide',
    help: 'Show this column or hide it',
    keys: ['enter', 'tab'],
    context: 'columns',
    footer: 1,
    run: ({ state, dispatch }) => {
      const { data, dialog } = state();
      const column = matchingColumns(data, dialog as ColumnsDialog)[(dialog as ColumnsDialog).cursor];
      if (!column) return;
      const hidden = new Set(data.look.hidden);
      if (!hidden.delete(column.name)) hidden.add(column.name);
      // One column always stays.
      if (hidden.size < data.columns.length) dispatch({ type: 'lookChanged', look: { hidden } });
    },
  },
  {
    id: 'columns.all',
    title: 'all or none',
    help: 'Show all columns that match what is typed, or hide them',
    keys: ['ctrl-a'],
    context: 'columns',
    footer: 2,
    run: ({ state, dispatch }) => {
      const { data, dialog } = state();
      const names = matchingColumns(data, dialog as ColumnsDialog).map(({ name }) => name);
      const hidden = new Set(data.look.hidden);
      const show = names.some((name) => hidden.has(name));
      for (const name of names)
        if (show) hidden.delete(name);
        else hidden.add(name);
      if (hidden.size >= data.columns.length) hidden.delete(cursorColumn(data)?.column.name ?? data.columns[0]!.name);
      dispatch({ type: 'lookChanged', look: { hidden } });
    },
  },
  closeDialog('columns', ['esc']),

  {
    id: 'prompt.done',
    title: 'done',
    help: 'Take what is typed',
    keys: ['enter'],
    context: 'prompt',
    footer: 1,
    run: (app) => promptDone(app),
  },
  {
    id: 'prompt.before',
    title: 'before',
    help: 'What was typed before',
    keys: ['up'],
    context: 'prompt',
    run: changed('prompt', (prompt) => fromHistory(prompt, prompt.back + 1)),
  },
  {
    id: 'prompt.after',
    title: 'after',
    help: 'What was typed after that',
    keys: ['down'],
    context: 'prompt',
    run: changed('prompt', (prompt) => fromHistory(prompt, prompt.back - 1)),
  },
  {
    id: 'prompt.close',
    title: 'close',
    help: 'Leave everything as it was',
    keys: ['esc'],
    context: 'prompt',
    footer: 9,
    run: ({ state, dispatch }) => {
      const { dialog } = state();
      dispatch({ type: 'dialog', dialog: (dialog?.kind === 'prompt' && dialog.under) || null });
    },
  },
];

const within = (wanted: number, count: number): number => Math.max(0, Math.min(count - 1, wanted));

export const profileOf = ({ data }: State) => {
  const at = cursorColumn(data);
  return at && data.profiles.get(at.column.name);
};

const barsOf = (state: State): number => profileOf(state)?.bars.length ?? 0;

const otherColumn = ({ dispatch, effects }: App, by: number): void => {
  dispatch({ type: 'dataMoved', rows: 0, columns: by });
  dispatch({ type: 'dialog', dialog: { kind: 'profile', bar: 0 } });
  effects.data.profileColumn();
};

const fromHistory = ({ history, draft }: PromptDialog, back: number): Partial<PromptDialog> => {
  if (back >= history.length || back < -1) return {};
  const text = back === -1 ? draft : history[back]!;
  return { back, line: { text, at: text.length } };
};

const promptDone = ({ state, dispatch, effects }: App): void => {
  const { dialog, data } = state();
  if (dialog?.kind !== 'prompt') return;
  const text = dialog.line.text.trim();
  if (dialog.purpose === 'row') {
    const row = Number(text.replaceAll(',', ''));
    const isRow = Number.isInteger(row) && row !== 0;
    const error = 'a whole number from 1, or from -1 for the end';
    dispatch({ type: 'dialog', dialog: isRow ? null : { ...dialog, error } });
    if (isRow) dispatch({ type: 'dataJumped', row: row > 0 ? row - 1 : data.rowCount + row });
    return;
  }
  if (dialog.purpose === 'key') {
    const key = text === '' ? [] : text.split(',').map((name) => name.trim());
    dispatch({ type: 'dialog', dialog: dialog.under ? { ...dialog.under, key } : null });
    effects.data.compareWith(0);
    return;
  }
  if (text !== '') effects.data.remember('where', text);
  dispatch({ type: 'dialog', dialog: null });
  dispatch({ type: 'lookChanged', look: { where: text } });
};
