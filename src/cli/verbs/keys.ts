import type { Command } from 'commander';
import { visibleText } from '../../draw/visible-text.ts';
import type { Problem } from '../../model/problem.ts';
import { printJson, textTable } from '../print-table.ts';
import { runs } from '../verb.ts';

/** `wand keys`: the workbench's keys as they are here, from the one table that also feeds its footer and help. */
export const addKeysVerb = (program: Command): void => {
  const command = program
    .command('keys')
    .description("list the workbench's keys, and what is wrong in keys.yaml")
    .option('--markdown', 'as docs/keys.md has them')
    .option('--readme', "as the README's table has them")
    .addHelpText(
      'after',
      '\nExample:\n  $ wand keys --json\n\nOther keys: $WAND_HOME/keys.yaml, action ids and their keys, such as\n  run.start: ctrl-x\n  tree.down: [s, down]',
    );
  runs<{ markdown?: boolean; readme?: boolean }>(command, async ({ options }) => {
    const [{ contextNames, keyedActions, actions }, { readKeymap }] = await Promise.all([
      import('../../tui/keys/actions.ts'),
      import('../../tui/keys/read-keymap.ts'),
    ]);
    if (options.markdown || options.readme) {
      const { keysAsMarkdown, keysForReadme } = await import('../../tui/keys/docs.ts');
      process.stdout.write(options.readme ? keysForReadme() : keysAsMarkdown());
      return 0;
    }
    const { keymap, problems } = readKeymap();
    const keyed = keyedActions({ keymap });
    if (options.json) {
      const builtIn = new Map(actions.map(({ id, keys }) => [id, keys]));
      printJson({
        version: 1,
        keys: keyed.map(({ id, title, help, keys, context }) => {
          return { id, title, help, keys, default: builtIn.get(id), context };
        }),
        problems: problems.map(({ file = null, line = null, message, fix = null }) => ({ file, line, message, fix })),
      });
    } else {
      const rows = keyed.map(({ id, context, keys, help }) => [contextNames[context], keys.join(' '), id, help]);
      const columns = [{ title: 'where' }, { title: 'keys' }, { title: 'id' }, { title: 'what', width: 100 }];
      process.stdout.write(textTable(columns, rows));
    }
    for (const problem of problems) process.stderr.write(`${problemText(problem)}\n`);
    return problems.length > 0 ? 2 : 0;
  });
};

const problemText = ({ file, line, message, fix }: Problem): string =>
  `wand: ${visibleText(`${file ?? 'keys.yaml'}${line ? `:${line}` : ''}: ${message}`)}${fix ? `\n  ${visibleText(fix)}` : ''}`;
