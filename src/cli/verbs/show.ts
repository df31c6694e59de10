import type { Command } from 'commander';
import { ensureWorkerForOpenRuns } from '../../engine/client/ensure-worker.ts';
import { readPast } from '../../store/queries/read-past.ts';
import { printSnapshot } from '../print-snapshot.ts';
import { printJson } from '../print-table.ts';
import { requireRun } from '../require-run.ts';
import { shapeOfShown } from '../shapes/shown-run.ts';
import { runs } from '../verb.ts';
import { withClient } from '../with-client.ts';

/** `wand show RUN`: a run with its blocks. */
export const addShowVerb = (program: Command): void => {
  const command = program
    .command('show')
    .description('show a run with its blocks')
    .argument('<run>', 'id of a run')
    .addHelpText('after', '\nExample:\n  $ wand show 12 --json');
  runs(command, ({ arguments: [id = ''], options }) =>
    withClient(async (client) => {
      await ensureWorkerForOpenRuns(client);
      const snapshot = await requireRun(client, id);
      if (options.json) printJson(shapeOfShown(snapshot, await readPast(client.store.pool, id)));
      else printSnapshot(snapshot);
    }),
  );
};
