import type { Command } from 'commander';
import { startPythonSample, startSample } from '../start-sample.ts';
import { runs } from '../verb.ts';

/** `npm start`: the sample pipelines run, and the workbench shows them. Not a verb of the contract. */
export const addStartVerb = (program: Command): void => {
  const command = program
    .command('start', { hidden: true })
    .description('run the sample pipelines and look at them')
    .option('--python', 'only prepare Python and submit the pipeline that needs it');
  runs<{ python?: boolean }>(command, ({ options }) => (options.python ? startPythonSample() : startSample()));
};
