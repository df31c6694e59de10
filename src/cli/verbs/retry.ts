import type { Command } from 'commander';
import { ensureWorker } from '../../engine/client/ensure-worker.ts';
import { retry } from '../../engine/client/retry.ts';
import { inForeground } from '../foreground-run.ts';
import { printSnapshot } from '../print-snapshot.ts';
import { printJson } from '../print-table.ts';
import { requireRun } from '../require-run.ts';
import { shapeOfSnapshot } from '../shapes/run.ts';
import { runs, type SharedOptions } from '../verb.ts';
import { withClient } from '../with-client.ts';

type RetryOptions = SharedOptions & { from?: string; detach?: boolean };

/** `wand retry RUN [--from B]`: what has not completed runs again in the same run. */
export const addRetryVerb = (program: Command): void => {
  const command = program
    .command('retry')
    .description('run again, in the same run, what failed, was cancelled or was not run')
    .argument('<run>', 'id of a run that has failed or was cancelled')
    .option('--from <block>', 'this block and all below it, also of a completed run')
    .option('--detach', 'leave it to a background worker and return at once')
    .addHelpText('after', '\nExample:\n  $ wand retry 12\n  $ wand retry 12 --from clean_trips');
  runs<RetryOptions>(command, ({ arguments: [id = ''], options }) =>
    withClient(async (client) => {
      const { run } = await requireRun(client, id);
      const begin = async (owner?: string): Promise<string> => {
        await retry(client, { runId: run.id, from: options.from, owner });
        return run.id;
      };
      if (options.detach) {
        await begin();
        await ensureWorker(client);
        const snapshot = await requireRun(client, id);
        if (options.json) printJson(shapeOfSnapshot(snapshot));
        else printSnapshot(snapshot, `wand show ${id} · wand logs ${id} -f`);
        return 0;
      }
      const { snapshot, interrupted } = await inForeground(client, begin);
      if (options.json) printJson(shapeOfSnapshot(snapshot));
      if (interrupted) return 130;
      return snapshot.run.status === 'completed' ? 0 : 1;
    }),
  );
};
