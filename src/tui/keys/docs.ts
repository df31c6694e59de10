import { actions, contextNames } from './actions.ts';

/** The key table for the documentation, from the table the program itself uses. Markdown. */
export const keysAsMarkdown = (): string =>
  Object.entries(contextNames)
    .map(([context, name]) => {
      const rows = actions
        .filter((action) => action.context === context)
        .map(({ id, keys, help }) => `| ${keys.map(keyName).join(' ')} | ${cell(help)} | \`${id}\` |`);
      return [`### ${name}`, '', '| keys | what they do | id in keys.yaml |', '|---|---|---|', ...rows, ''].join('\n');
    })
    .join('\n');

/** What a newcomer needs, by action id: each row is one line of the README's table. */
const readmeRows: readonly { ids: readonly string[]; what?: string }[] = [
  { ids: ['run.start'] },
  {
    ids: ['run.from', 'run.block', 'run.upto', 'run.failed', 'run.with'],
    what: 'run again: from the selected block, that block alone, up to it, what failed, all with other variables; each shows its plan, `enter` runs',
  },
  { ids: ['run.again', 'run.cancel'], what: 'the last run once more; cancel the run (asks)' },
  { ids: ['file.edit'] },
  {
    ids: ['pane.tree', 'pane.graph', 'pane.runs', 'pane.logs', 'pane.data', 'pane.code', 'pane.next'],
    what: 'pipelines, graph, runs, log, rows, code; the next pane',
  },
  {
    ids: ['graph.left', 'graph.down', 'graph.up', 'graph.right'],
    what: 'along the edges of the graph; lines, rows and cells',
  },
  { ids: ['graph.open', 'view.back'], what: 'look into what is selected; one level up' },
  {
    ids: ['graph.next-failed', 'graph.previous-failed', 'failure.latest'],
    what: 'next and previous failed block; the latest failure anywhere',
  },
  { ids: ['failure.older', 'failure.newer'], what: 'the attempts of a block that failed' },
  { ids: ['palette.open'] },
  { ids: ['tree.filter'], what: 'filter a list (`state:failed dur>5m`), search in the log' },
  { ids: ['copy.open'] },
  { ids: ['history.back', 'history.forward'], what: 'back to the last view, forward again' },
  { ids: ['commands.open'] },
  { ids: ['tables.open'] },
  {
    ids: ['data.sort', 'data.where', 'data.same', 'data.columns', 'data.record', 'data.profile'],
    what: 'rows: sort, SQL condition, only this value, choose columns, the row as a record, what is in the column',
  },
  {
    ids: ['data.export', 'data.diff', 'console.open', 'charts.open'],
    what: 'rows into a file; compare with another run; SQL console; charts of the pipeline',
  },
  { ids: ['help.open', 'view.close'], what: 'the keys that work here; close the view, at the graph quit (runs go on)' },
];

/** The README's table; a test holds the README to it. Markdown. */
export const keysForReadme = (): string => {
  const rows = readmeRows.map(({ ids, what }) => {
    const found = ids.map((id) => {
      const action = actions.find((candidate) => candidate.id === id);
      if (!action) throw new RangeError(`there is no action ${id}`);
      return action;
    });
    return `| ${found.map(({ keys }) => keyName(keys[0]!)).join(' ')} | ${cell(what ?? found[0]!.help)} |`;
  });
  return ['| keys | what they do |', '|---|---|', ...rows, ''].join('\n');
};

const keyName = (key: string): string => `\`${cell(key)}\``;

const cell = (text: string): string => text.replaceAll('|', '\\|');
