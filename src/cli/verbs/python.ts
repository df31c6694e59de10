import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Interpreter } from '../../blocks/python/interpreter.ts';
import { runs } from '../verb.ts';

type Call = { options: { json?: boolean; directory?: string } };

/** `wand python setup|status`: the Python that runs a project's blocks. */
export const addPythonVerb = (program: Command): void => {
  const python = program
    .command('python')
    .description("the Python that runs a project's blocks")
    .addHelpText('after', '\nExample:\n  wand python setup');
  runs(
    python
      .command('setup')
      .description('make an environment with pandas, pyarrow, psycopg and the requirements.txt of the project')
      .addHelpText('after', '\nExample:\n  wand -C projects/taxi python setup'),
    setup,
  );
  runs(
    python
      .command('status')
      .description('which Python runs the blocks, and what it has')
      .addHelpText('after', '\nExample:\n  wand python status --json'),
    status,
  );
};

const setup = async ({ options }: Call): Promise<void> => {
  const { setupPython } = await import('../../blocks/python/setup.ts');
  const log = (line: string) => void process.stderr.write(`${line}\n`);
  print(await setupPython({ projectPath: await projectOf(options), log }), options);
};

const status = async ({ options }: Call): Promise<void> => {
  const { findPython } = await import('../../blocks/python/interpreter.ts');
  const projectPath = await projectOf(options);
  const { projectEnvironment } = await import('../../secrets/environment.ts');
  const { values } = projectEnvironment({ projectPath, instancePath: resolve(projectPath, '..') });
  print(await findPython({ projectPath, environment: values }), options);
};

/** The project at or above the directory; in an instance with several, the one environment of all that ask for nothing of their own. */
const projectOf = async ({ directory }: Call['options']): Promise<string> => {
  const { findInstance } = await import('../../project/instance.ts');
  const from = resolve(directory ?? '.');
  const { instance, project } = findInstance(from);
  return project ?? instance;
};

const print = (python: Interpreter, { json }: Call['options']): void => {
  const { command, origin, version, packages } = python;
  const text = Object.entries(packages)
    .map(([name, number]) => `${name} ${number}`)
    .join(', ');
  process.stdout.write(
    json
      ? `${JSON.stringify({ version: 1, python: { command, origin, version, packages } })}\n`
      : `${command}  Python ${version} (${origin})\n${text}\n`,
  );
};
