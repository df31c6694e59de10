import type { Command } from 'commander';
import { visibleText } from '../../draw/visible-text.ts';
import { stoppedSentence, stopRun } from '../../engine/client/stop-run.ts';
import { printSnapshot } from '../print-snapshot.ts';
import { printJson } from '../print-table.ts';
import { requireRun } from '../require-run.ts';
import { shapeOfCancel } from '../shapes/run.ts';
import { runs } from '../verb.ts';
import { withClient } from '../with-client.ts';

/** `wand cancel RUN`: ends an open run and kills what works for it. */
export const addCancelVerb = (program: Command): void => {
  const command = program
    .command('cancel')
    .description('cancel an open run, and see that no process and no query of it is left')
    .argument('<run>', 'id of a run')
    .addHelpText('after', '\nExample:\n  $ wand cancel 12');
  runs(command, ({ arguments: [id = ''], options }) =>
    withClient(async (client) => {
      await requireRun(client, id);
      const stopped = await stopRun(client, id);
      const snapshot = await requireRun(client, id);
      const answer = shapeOfCancel(snapshot, stopped);
      if (options.json) printJson(answer);
      else {
        const ended = `run ${id} had ended already: ${snapshot.run.status}`;
        printSnapshot(snapshot, stopped.cancelled ? visibleText(stoppedSentence(stopped)) : ended);
      }
      return stopped.left.length > 0 ? 1 : 0;
    }),
  );
};
