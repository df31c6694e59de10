import type { Command } from 'commander';
import { cancelRun } from '../../engine/cancel.ts';
import { printSnapshot } from '../print-snapshot.ts';
import { printJson } from '../print-table.ts';
import { requireRun } from '../require-run.ts';
import { shapeOfSnapshot } from '../shapes/run.ts';
import { runs } from '../verb.ts';
import { withClient } from '../with-client.ts';

/** `wand cancel RUN`: ends an open run and kills what works for it. */
export const addCancelVerb = (program: Command): void => {
  const command = program
    .command('cancel')
    .description('cancel an open run')
    .argument('<run>', 'id of a run')
    .addHelpText('after', '\nExample:\n  $ wand cancel 12');
  runs(command, ({ arguments: [id = ''], options }) =>
    withClient(async (client) => {
      await requireRun(client, id);
      const cancelled = await cancelRun(client.store, id);
      const snapshot = await requireRun(client, id);
      if (options.json) printJson(shapeOfSnapshot(snapshot));
      else printSnapshot(snapshot, cancelled ? undefined : `run ${id} had ended already: ${snapshot.run.status}`);
    }),
  );
};
