import type { Command } from 'commander';
import { printJson, textTable } from '../print-table.ts';
import { runs } from '../verb.ts';

/** `wand keys`: the workbench's keys, from the one table that also feeds its footer and help. */
export const addKeysVerb = (program: Command): void => {
  const command = program
    .command('keys')
    .description("list the workbench's keys")
    .option('--markdown', 'as docs/keys.md has them')
    .addHelpText('after', '\nExample:\n  $ wand keys --json');
  runs<{ markdown?: boolean }>(command, async ({ options }) => {
    const { actions, contextNames } = await import('../../tui/keys/actions.ts');
    if (options.json) {
      return printJson({
        version: 1,
        keys: actions.map(({ id, title, help, keys, context }) => ({ id, title, help, keys, context })),
      });
    }
    if (options.markdown) {
      process.stdout.write((await import('../../tui/keys/docs.ts')).keysAsMarkdown());
      return;
    }
    const rows = actions.map(({ context, keys, help }) => [contextNames[context], keys.join(' '), help]);
    process.stdout.write(textTable([{ title: 'where' }, { title: 'keys' }, { title: 'what', width: 100 }], rows));
  });
};
