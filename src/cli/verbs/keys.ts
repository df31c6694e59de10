import type { Command } from 'commander';
import { keysTable } from '../keys-table.ts';
import { printJson, textTable } from '../print-table.ts';
import { runs } from '../verb.ts';

/** `wand keys`: the workbench's keys, from the one table that also feeds its footer and help. */
export const addKeysVerb = (program: Command): void => {
  const command = program
    .command('keys')
    .description("list the workbench's keys")
    .option('--markdown', 'as the table of the README')
    .addHelpText('after', '\nExample:\n  $ wand keys --json');
  runs<{ markdown?: boolean }>(command, async ({ options }) => {
    const { actions } = await import('../../tui/keys/actions.ts');
    if (options.json) {
      return printJson({
        version: 1,
        keys: actions.map(({ id, title, help, keys, context }) => ({ id, title, help, keys, context })),
      });
    }
    const rows = keysTable(actions);
    process.stdout.write(
      options.markdown
        ? markdown(rows)
        : textTable([{ title: 'where' }, { title: 'keys' }, { title: 'what', width: 100 }], rows),
    );
  });
};

const markdown = (rows: string[][]): string =>
  ['| where | keys | what |', '|---|---|---|', ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`)]
    .map((line) => `${line}\n`)
    .join('');

const cell = (text: string): string => text.replaceAll('|', '\\|');
