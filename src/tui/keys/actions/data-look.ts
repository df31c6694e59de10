import { longestCell } from '../../effects/data-loader.ts';
import { both, cellCondition } from '../../state/cell-condition.ts';
import { type PromptDialog, textAtEnd } from '../../state/data-dialog.ts';
import { cursorCell, cursorColumn, gridOf } from '../../state/data-grid.ts';
import { dataView } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import type { Action, App } from '../action.ts';

const data = 'data' as const;

const withRows = (state: State): true | string => (state.data.rowCount > 0 ? true : 'there are no rows');
const withColumn = (state: State): true | string => (cursorColumn(state.data) ? true : 'there are no columns');

/** Results of the console are a query already. */
const filterable = (state: State): true | string => {
  if (dataView(state).kind === 'query') return 'change the query instead (Q)';
  return dataView(state).kind === 'none' ? 'there are no rows to choose from' : true;
};

/** How the rows are looked at: order, condition, columns, widths, marks. */
export const dataLookActions: readonly Action[] = [
  {
    id: 'data.sort',
    title: 'sort',
    help: 'Sort by this column; again for the other direction, once more for the order of storage',
    keys: ['s'],
    context: data,
    footer: 0.1,
    when: withColumn,
    run: ({ state, dispatch }) => {
      const { column } = cursorColumn(state().data)!;
      const { sort } = state().data.look;
      const next =
        sort?.column !== column.name
          ? { column: column.name, descending: false }
          : sort.descending
            ? null
            : { column: column.name, descending: true };
      dispatch({ type: 'lookChanged', look: { sort: next } });
    },
  },
  {
    id: 'data.sort-down',
    title: 'sort down',
    help: 'Sort by this column, highest first',
    keys: ['S'],
    context: data,
    when: withColumn,
    run: ({ state, dispatch }) => {
      const { name } = cursorColumn(state().data)!.column;
      dispatch({ type: 'lookChanged', look: { sort: { column: name, descending: true } } });
    },
  },
  {
    id: 'data.where',
    also: 'filter query',
    title: 'where',
    help: 'Show only rows for which an SQL condition is true; an empty one shows all',
    keys: ['/'],
    context: data,
    footer: 0.2,
    when: filterable,
    run: ({ state, dispatch, effects }) => {
      const { where } = state().data.look;
      dispatch({ type: 'dialog', dialog: wherePrompt(where, effects.data.history('where')) });
    },
  },
  {
    id: 'data.same',
    title: 'this value',
    help: 'Show only rows with the value under the cursor in this column',
    keys: ['='],
    context: data,
    footer: 0.3,
    when: (state) => (filterable(state) === true ? withRows(state) : filterable(state)),
    run: (app) => narrow(app, false),
  },
  {
    id: 'data.other',
    title: 'not this',
    help: 'Show only rows with another value than the one under the cursor in this column',
    keys: ['~'],
    context: data,
    when: (state) => (filterable(state) === true ? withRows(state) : filterable(state)),
    run: (app) => narrow(app, true),
  },
  {
    id: 'data.columns',
    title: 'columns',
    help: 'Choose which columns are shown',
    keys: ['c'],
    context: data,
    footer: 0.4,
    // Also when all that are shown are hidden.
    when: ({ data: { columns } }) => (columns.length > 0 ? true : 'there are no columns'),
    run: ({ dispatch }) => dispatch({ type: 'dialog', dialog: { kind: 'columns', filter: textAtEnd(''), cursor: 0 } }),
  },
  {
    id: 'data.hide',
    title: 'hide',
    help: 'Hide this column; c brings it back',
    keys: ['H'],
    context: data,
    when: (state) => (gridOf(state.data).columns.length > 1 ? true : 'this is the last column'),
    run: ({ state, dispatch }) => {
      const { column } = cursorColumn(state().data)!;
      const hidden = new Set(state().data.look.hidden).add(column.name);
      dispatch({ type: 'lookChanged', look: { hidden } });
    },
  },
  {
    id: 'data.freeze',
    title: 'freeze',
    help: 'Keep the columns up to this one in sight while the others scroll; again to let them go',
    keys: ['|'],
    context: data,
    when: withColumn,
    run: ({ state, dispatch }) => {
      const { cursor, look } = state().data;
      const frozen = cursor.column + 1;
      dispatch({ type: 'lookChanged', look: { frozen: look.frozen === frozen ? 0 : frozen } });
    },
  },
  {
    id: 'data.widen',
    title: 'wider',
    help: 'Make this column wider',
    keys: ['>'],
    context: data,
    when: withColumn,
    run: (app) => widen(app, 5),
  },
  {
    id: 'data.narrow',
    title: 'narrower',
    help: 'Make this column narrower',
    keys: ['<'],
    context: data,
    when: withColumn,
    run: (app) => widen(app, -5),
  },
  {
    id: 'data.thousands',
    title: 'thousands',
    help: 'Write numbers with or without separators of thousands',
    keys: [','],
    context: data,
    run: ({ state, dispatch }) => dispatch({ type: 'lookChanged', look: { thousands: !state().data.look.thousands } }),
  },
  {
    id: 'data.go',
    title: 'go to row',
    help: 'Go to a row by its number',
    keys: ['#'],
    context: data,
    when: withRows,
    run: ({ state, dispatch }) => dispatch({ type: 'dialog', dialog: rowPrompt(state()) }),
  },
  {
    id: 'data.mark-kind',
    title: 'mark rows',
    help: 'Mark whole rows, then whole columns, then single cells again',
    keys: ['V'],
    context: data,
    when: withRows,
    run: ({ state, dispatch }) => {
      const kinds = { cell: 'row', row: 'column', column: 'cell' } as const;
      dispatch({ type: 'dataSelected', selection: { kind: kinds[state().data.selection.kind] } });
    },
  },
  {
    id: 'data.mark',
    title: 'mark from here',
    help: 'Mark from here to the cursor; again to let go',
    keys: ['space'],
    context: data,
    when: withRows,
    run: ({ state, dispatch }) => {
      const { selection, cursor } = state().data;
      dispatch({ type: 'dataSelected', selection: { anchor: selection.anchor ? null : cursor } });
    },
  },
  {
    id: 'data.record',
    title: 'record',
    help: 'Show this row as a record, a line for each column',
    keys: ['v'],
    context: data,
    footer: 0.6,
    when: withRows,
    run: ({ effects }) => effects.data.openRecord(),
  },
  {
    id: 'data.profile',
    also: 'statistics histogram describe',
    title: 'profile',
    help: 'Show what is in this column: NULL, distinct values, quantiles, a histogram',
    keys: ['F'],
    context: data,
    footer: 0.5,
    when: (state) => (dataView(state).kind === 'query' ? 'an answer of the console has no profile' : withColumn(state)),
    run: ({ dispatch, effects }) => {
      dispatch({ type: 'dialog', dialog: { kind: 'profile', bar: 0 } });
      effects.data.profileColumn();
    },
  },
];

const narrow = ({ state, dispatch }: App, not: boolean): void => {
  const { data: rows } = state();
  const { column } = cursorColumn(rows)!;
  const value = cursorCell(rows);
  if (value === undefined) {
    dispatch({ type: 'status', status: { text: 'this cell is still on its way', kind: 'warning' } });
    return;
  }
  const dialect = dataView(state()).kind === 'table' ? 'postgres' : 'duckdb';
  const cut = typeof value === 'string' && value.length >= longestCell ? longestCell : null;
  const where = both(rows.look.where, cellCondition(column, value, dialect, { not, cut }));
  dispatch({ type: 'lookChanged', look: { where } });
};

const widen = ({ state, dispatch }: App, by: number): void => {
  const { look } = state().data;
  const { name } = cursorColumn(state().data)!.column;
  const widened = new Map(look.widened).set(name, (look.widened.get(name) ?? 0) + by);
  dispatch({ type: 'lookChanged', look: { widened } });
};

const wherePrompt = (text: string, history: readonly string[], error: string | null = null): PromptDialog => ({
  kind: 'prompt',
  purpose: 'where',
  title: 'only rows where',
  hint: 'such as: fare_amount > 5 AND note IS NULL',
  line: textAtEnd(text),
  draft: text,
  history,
  back: -1,
  error,
});

const rowPrompt = ({ data: rows }: State): PromptDialog => ({
  kind: 'prompt',
  purpose: 'row',
  title: 'go to row',
  hint: `1 to ${rows.rowCount}; -1 is the last`,
  line: textAtEnd(''),
  draft: '',
  history: [],
  back: -1,
  error: null,
});
