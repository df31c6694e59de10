import { relative, sep } from 'node:path';
import type { Command } from 'commander';
import { visibleText } from '../../draw/visible-text.ts';
import type { Problem } from '../../model/problem.ts';
import type { Instance } from '../../model/project.ts';
import { checkInstance } from '../../project/check.ts';
import { openInstance } from '../open-instance.ts';
import { printJson } from '../print-table.ts';
import { checkJson } from '../shapes/check.ts';
import { runs } from '../verb.ts';

/** `wand check [PATH]`: everything wrong in an instance's files, or in those of the project that PATH lies in. */
export const addCheckVerb = (program: Command): void => {
  const command = program
    .command('check')
    .description('look for mistakes in projects, pipelines and blocks; exit code 2 if there is an error')
    .argument('[path]', 'instance or project (default: the nearest one)')
    .addHelpText('after', '\nExample:\n  $ wand check projects/shop --json');
  runs(command, async ({ arguments: [path], options }) => {
    const { instance, project } = openInstance(path ?? options.directory);
    const checked = project === null ? instance : { ...instance, projects: [project] };
    const problems = checkInstance(checked);
    if (options.json) printJson(checkJson(problems));
    else process.stdout.write(problems.map(problemText).join(''));
    process.stderr.write(options.json ? '' : `${summary(problems, checked)}\n`);
    return problems.some(({ severity }) => severity === 'error') ? 2 : 0;
  });
};

const problemText = ({ severity, file, line, message, fix }: Problem): string => {
  const place = file === undefined ? '' : `${pathForUser(file)}${line === undefined ? '' : `:${line}`}  `;
  const first = `${severity.padEnd(7)}  ${visibleText(place)}${visibleText(message)}\n`;
  return fix === undefined ? first : `${first}${' '.repeat(9)}${visibleText(fix)}\n`;
};

/** Relative to the working directory where it lies below it. */
const pathForUser = (file: string): string => {
  const way = relative(process.cwd(), file);
  return way === '' || way === '..' || way.startsWith(`..${sep}`) ? file : way;
};

const summary = (problems: Problem[], { projects }: Instance): string => {
  const pipelines = projects.flatMap((project) => project.pipelines);
  const blocks = pipelines.flatMap((pipeline) => pipeline.blocks);
  const looked = `${count(projects.length, 'project')}, ${count(pipelines.length, 'pipeline')}, ${count(blocks.length, 'block')}`;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const found =
    problems.length === 0 ? 'no problems' : `${count(errors, 'error')}, ${count(problems.length - errors, 'warning')}`;
  return `${found} in ${looked}`;
};

const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? '' : 's'}`;
