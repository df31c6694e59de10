import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { WandError } from '../../problem/wand-error.ts';
import { findInstance } from '../../project/instance.ts';
import { showWorkbench } from '../show-workbench.ts';
import { runs } from '../verb.ts';
import { verbs } from './index.ts';

type WorkbenchFlags = { theme?: string; ascii?: boolean; plain?: boolean };

const wantsPlain = ({ plain }: WorkbenchFlags): boolean => plain ?? isSet(process.env.ACCESSIBLE);

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '' && value !== '0';

/** `wand [path]`: the workbench on an instance or project. */
export const addWorkbenchVerb = (program: Command): void => {
  program
    .argument('[path]', 'instance or project to open in the workbench')
    .addOption(
      new Option('--theme <name>', 'colours of the workbench (WAND_THEME); auto follows the terminal').choices([
        'auto',
        'dark',
        'light',
        'high-contrast',
        'mono',
      ]),
    )
    .option('--ascii', 'draw with ASCII characters only (WAND_ASCII=1)')
    .option('--plain', 'print lines in place of the workbench, for screen readers and simple terminals (ACCESSIBLE=1)');
  runs<WorkbenchFlags>(program, async ({ arguments: [path], options }) => {
    if (path !== undefined && !existsSync(path)) {
      throw new WandError('no-such-verb', `${path} is neither a verb nor a folder`, {
        fix: `verbs: ${Object.keys(verbs)
          .filter((name) => name !== 'start')
          .join(', ')}`,
      });
    }
    // Only where it is: the workbench reads the files itself, once.
    const { instance, project } = findInstance(path ?? options.directory ?? process.cwd());
    if (options.theme) process.env.WAND_THEME = options.theme;
    if (options.ascii) process.env.WAND_ASCII = '1';
    if (wantsPlain(options)) return (await import('../plain-workbench.ts')).plainWorkbench(instance, project);
    return showWorkbench({ instancePath: instance, start: project ? { project } : undefined });
  });
};
