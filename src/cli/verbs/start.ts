import type { Command } from 'commander';
import { startSample } from '../start-sample.ts';
import { runs } from '../verb.ts';

/** `npm start`: the sample pipelines run, and the workbench shows them. Not a verb of the contract. */
export const addStartVerb = (program: Command): void => {
  runs(
    program.command('start', { hidden: true }).description('run the sample pipelines and look at them'),
    startSample,
  );
};
