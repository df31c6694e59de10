import { commandLine, pipelineWord, rerunLine, sqlWords } from './command-line.ts';
import { cursorColumn } from './data-grid.ts';
import { outputRunId, outputsOf } from './select.ts';
import type { Dialog, PaneId, State } from './state.ts';

type Words = (state: State) => string[] | null;

const show: Words = ({ runId }) => (runId === null ? null : ['wand', 'show', runId]);
const graph: Words = (state) => (state.pipeline ? ['wand', 'graph', pipelineWord(state, state.pipeline)] : null);
const list: Words = () => ['wand', 'ls'];

/** The verb that prints what a pane shows. Every pane has one; without its subject (no run yet) it names what there is. */
const paneVerbs: Record<PaneId, Words> = {
  tree: list,
  graph: (state) => show(state) ?? graph(state),
  runs: (state) => (state.pipeline ? ['wand', 'runs', pipelineWord(state, state.pipeline)] : ['wand', 'runs']),
  logs: (state) =>
    state.runId === null
      ? null
      : ['wand', 'logs', state.runId, ...(state.logs.scope === 'block' && state.block ? [state.block] : [])],
  data: (state) => {
    const { query, look } = state.data;
    if (query) return sqlWords(query);
    const subject = rowsSubject(state);
    return (
      subject && [
        ...['wand', 'preview', ...subject],
        ...(look.where === '' ? [] : ['--where', look.where]),
        ...(look.sort ? ['--sort', `${look.sort.descending ? '-' : ''}${look.sort.column}`] : []),
      ]
    );
  },
  code: (state) => (state.pipeline ? ['wand', 'ls', 'blocks', '-p', pipelineWord(state, state.pipeline)] : null),
  time: show,
  details: show,
  failure: show,
};

/** The table or the output that the data pane shows, as verbs name it. */
const rowsSubject = (state: State): string[] | null => {
  const { table, output } = state.data;
  if (table) return [`${table.schema}.${table.table}`, '--profile', table.profile];
  const run = outputRunId(state);
  const name = outputsOf(state)[output]?.name;
  if (run === null || state.block === null || name === undefined) return null;
  return [run, state.block, ...(name === 'output_0' ? [] : ['--output', name])];
};

/** Dialogs that show something of their own; the others are menus over the screen below. */
const dialogVerbs: Partial<Record<Dialog['kind'], Words>> = {
  help: () => ['wand', 'keys'],
  tables: () => ['wand', 'tables'],
  profile: (state) => {
    const subject = rowsSubject(state);
    const { where } = state.data.look;
    const column = cursorColumn(state.data)?.column.name;
    if (!subject || column === undefined) return null;
    return ['wand', 'profile', ...subject, '--column', column, ...(where === '' ? [] : ['--where', where])];
  },
  diff: ({ dialog }) =>
    dialog?.kind === 'diff' && dialog.left !== null
      ? ['wand', 'diff', dialog.left, dialog.right, dialog.block, ...dialog.key.flatMap((name) => ['--key', name])]
      : null,
  charts: (state) => (state.pipeline ? ['wand', 'chart', pipelineWord(state, state.pipeline)] : null),
  console: ({ dialog }) =>
    dialog?.kind === 'console' && dialog.typed.text.trim() !== ''
      ? sqlWords({ ...dialog, sql: dialog.typed.text })
      : null,
};

/** What prints this screen as JSON. */
export const screenLine = (state: State): string => {
  const { dialog } = state;
  if (dialog?.kind === 'plan') return `${dialog.plan?.command ?? rerunLine(state, dialog.request)} --dry-run --json`;
  const words =
    (dialog && dialogVerbs[dialog.kind]?.(state)) ?? paneVerbs[state.focus](state) ?? graph(state) ?? list(state)!;
  return `${commandLine(...words)} --json`;
};
