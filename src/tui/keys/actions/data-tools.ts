import { displayText } from '../../../draw/text-width.ts';
import { destroyedBy } from '../../../engine/client/destroyed-by.ts';
import { nextFormat } from '../../effects/data-tools.ts';
import { commandLine, sqlWords } from '../../state/command-line.ts';
import {
  type ChartsDialog,
  type ConsoleDialog,
  type DiffDialog,
  type ExportDialog,
  textAtEnd,
} from '../../state/data-dialog.ts';
import { edit, moveLine } from '../../state/line-edit.ts';
import { dataView, openPipeline } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import type { Action, App } from '../action.ts';
import { closeDialog, moving } from './dialog-keys.ts';

const withRows = (state: State): true | string => {
  const view = dataView(state);
  return view.kind === 'none' ? view.reason : true;
};

/** Export, comparison, console: opened from the data pane, or from everywhere. */
export const dataToolActions: readonly Action[] = [
  {
    id: 'data.export',
    also: 'save download csv',
    title: 'export',
    help: 'Write the rows as they are shown into a file: CSV, TSV, JSON, Parquet or INSERT statements',
    keys: ['E'],
    context: 'data',
    footer: 0.8,
    when: withRows,
    run: ({ effects }) => effects.data.openExport(),
  },
  {
    id: 'data.diff',
    also: 'diff',
    title: 'diff',
    help: 'Compare this output with that of another run',
    keys: ['D'],
    context: 'data',
    footer: 0.7,
    when: (state) => (dataView(state).kind === 'output' ? true : 'only outputs of blocks are kept from run to run'),
    run: ({ effects }) => effects.data.openDiff(),
  },
  {
    id: 'console.open',
    also: 'query',
    title: 'SQL',
    help: "Open the SQL console on the project's database",
    keys: ['Q'],
    context: 'global',
    when: (state) => (state.instance?.projects.length ? true : 'there is no project whose database could be asked'),
    run: ({ effects }) => effects.data.openConsole(),
  },

  {
    id: 'charts.open',
    also: 'plot',
    title: 'charts',
    help: "Show the pipeline's chart blocks over the outputs of this run",
    keys: ['9'],
    context: 'global',
    when: (state) => {
      const pipeline = openPipeline(state);
      if (!pipeline) return 'open a pipeline first (1, then enter)';
      return pipeline.charts.length > 0 ? true : `${displayText(pipeline.uuid)} has no chart blocks`;
    },
    run: ({ effects }) => effects.data.openCharts(),
  },

  ...moving('charts', (app, by) => {
    const dialog = app.state().dialog as ChartsDialog;
    app.dispatch({ type: 'dialog', dialog: { ...dialog, top: Math.max(0, dialog.top + by) } });
  }),
  closeDialog('charts', ['esc', 'q', '9', 'enter']),

  {
    id: 'export.write',
    title: 'write',
    help: 'Write the file; one that is there already is replaced only after a second time',
    keys: ['enter'],
    context: 'export',
    footer: 1,
    run: ({ effects }) => effects.data.exportRows(),
  },
  {
    id: 'export.format',
    title: 'format',
    help: 'The next format: CSV, TSV, JSON, Parquet, INSERT statements',
    keys: ['tab'],
    context: 'export',
    footer: 2,
    run: ({ state, dispatch }) => {
      const dialog = state().dialog as ExportDialog;
      dispatch({ type: 'dialog', dialog: { ...dialog, ...nextFormat(dialog), replace: false, trouble: null } });
    },
  },
  closeDialog('export', ['esc']),

  ...moving('diff', (app, by) => {
    const dialog = app.state().dialog as DiffDialog;
    app.dispatch({ type: 'dialog', dialog: { ...dialog, top: Math.max(0, dialog.top + by) } });
  }),
  {
    id: 'diff.older',
    title: 'older run',
    help: 'Compare with the run before that one',
    keys: [']', 'right'],
    context: 'diff',
    footer: 1,
    run: ({ effects }) => effects.data.compareWith(1),
  },
  {
    id: 'diff.newer',
    title: 'newer run',
    help: 'Compare with the run after that one',
    keys: ['[', 'left'],
    context: 'diff',
    run: ({ effects }) => effects.data.compareWith(-1),
  },
  {
    id: 'diff.key',
    title: 'key',
    help: 'Choose the columns that name a row',
    keys: ['='],
    context: 'diff',
    footer: 2,
    run: ({ state, dispatch }) => {
      const under = state().dialog as DiffDialog;
      const text = (under.key.length > 0 ? under.key : (under.diff?.key ?? [])).join(', ');
      dispatch({
        type: 'dialog',
        dialog: {
          kind: 'prompt',
          purpose: 'key',
          title: 'columns that name a row',
          hint: 'names with commas between them; nothing: a column that is unique in both runs',
          line: textAtEnd(text),
          draft: text,
          history: [],
          back: -1,
          error: null,
          under,
        },
      });
    },
  },
  closeDialog('diff', ['esc', 'q', 'D']),

  {
    id: 'console.run',
    title: 'run',
    help: 'Run what is typed',
    keys: ['enter'],
    context: 'console',
    footer: 1,
    command: ({ dialog }) => {
      if (dialog?.kind !== 'console' || (dialog.write && destroyedBy(dialog.typed.text))) return null;
      // Nothing is run while another statement is, and nothing of an empty line.
      return dialog.busy || dialog.typed.text.trim() === ''
        ? null
        : commandLine(...sqlWords({ ...dialog, sql: dialog.typed.text.trim() }));
    },
    run: runConsole,
  },
  {
    id: 'console.line',
    title: 'new line',
    help: 'A new line in the statement',
    keys: ['ctrl-n'],
    context: 'console',
    footer: 2,
    run: (app) =>
      typed(app, edit((app.state().dialog as ConsoleDialog).typed, { name: 'n', text: '\n' }, { lines: true })),
  },
  {
    id: 'console.write',
    title: 'allow writing',
    help: 'Let the statement change the database, or not',
    keys: ['ctrl-r'],
    context: 'console',
    footer: 3,
    run: ({ state, dispatch }) => {
      const dialog = state().dialog as ConsoleDialog;
      dispatch({ type: 'dialog', dialog: { ...dialog, write: !dialog.write } });
    },
  },
  {
    id: 'console.profile',
    title: 'profile',
    help: 'The next profile of io_config.yaml',
    keys: ['tab'],
    context: 'console',
    footer: 4,
    when: ({ dialog }) =>
      (dialog as ConsoleDialog | null)?.profiles.length !== 1 ? true : 'io_config.yaml has one profile only',
    run: ({ state, dispatch }) => {
      const dialog = state().dialog as ConsoleDialog;
      const { profiles, profile } = dialog;
      const next = profiles[(profiles.indexOf(profile ?? '') + 1) % profiles.length];
      if (next) dispatch({ type: 'dialog', dialog: { ...dialog, profile: next } });
    },
  },
  {
    id: 'console.up',
    title: 'up',
    help: 'A line up; from the first one to what was run before',
    keys: ['up'],
    context: 'console',
    run: (app) => upOrDown(app, -1),
  },
  {
    id: 'console.down',
    title: 'down',
    help: 'A line down; from the last one to what was run after that',
    keys: ['down'],
    context: 'console',
    run: (app) => upOrDown(app, 1),
  },
  {
    id: 'console.close',
    title: 'close',
    help: 'Stop the statement that runs, or close this',
    keys: ['esc'],
    context: 'console',
    footer: 9,
    run: ({ dispatch, effects }) => {
      if (!effects.data.stopConsole()) dispatch({ type: 'dialog', dialog: null });
    },
  },
];

const typed = ({ state, dispatch }: App, next: ReturnType<typeof edit>): void => {
  const dialog = state().dialog as ConsoleDialog;
  if (next) dispatch({ type: 'dialog', dialog: { ...dialog, typed: next, draft: next.text, back: -1 } });
};

const upOrDown = ({ state, dispatch }: App, by: 1 | -1): void => {
  const dialog = state().dialog as ConsoleDialog;
  const moved = moveLine(dialog.typed, by);
  const back = dialog.back - by;
  const text = back === -1 ? dialog.draft : dialog.history[back];
  if (moved) dispatch({ type: 'dialog', dialog: { ...dialog, typed: moved } });
  else if (text !== undefined && back >= -1)
    dispatch({ type: 'dialog', dialog: { ...dialog, back, typed: textAtEnd(text) } });
};

/** What cannot be taken back is asked by name first. */
function runConsole({ state, dispatch, effects }: App): void {
  const { dialog } = state();
  const lost = dialog?.kind === 'console' && dialog.write && !dialog.busy ? destroyedBy(dialog.typed.text) : null;
  if (dialog?.kind !== 'console' || !lost) {
    effects.data.runConsole();
    return;
  }
  const title = `${lost.what} ${displayText(lost.name)}?`;
  const where = dialog.profile === null ? [] : [`In the database of profile ${displayText(dialog.profile)}.`];
  const lines = [...where, 'This cannot be taken back.'];
  const question = { kind: 'sql', console: dialog } as const;
  dispatch({ type: 'dialog', dialog: { kind: 'confirm', title, lines, question, name: lost.name } });
}
