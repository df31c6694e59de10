import { type Command, Option } from 'commander';
import { ensureWorkerForOpenRuns } from '../../engine/client/ensure-worker.ts';
import type { RunStatus } from '../../model/run.ts';
import { listRuns } from '../../store/queries/read-runs.ts';
import { formatDuration, statusGlyph } from '../format.ts';
import { openPipeline } from '../open-instance.ts';
import { printJson, textTable } from '../print-table.ts';
import { duration, shapeOfRun } from '../shapes/run.ts';
import { runs } from '../verb.ts';
import { withClient } from '../with-client.ts';

/** `wand runs [PIPELINE]`: the history, newest first. */
export const addRunsVerb = (program: Command): void => {
  const command = program
    .command('runs')
    .description('list runs, newest first')
    .argument('[pipeline]', 'only runs of this pipeline')
    .addOption(
      new Option('--state <status>', 'only runs of this status').choices([
        'initial',
        'running',
        'completed',
        'failed',
        'cancelled',
      ]),
    )
    .option('--limit <n>', 'at most this many', '50')
    .addHelpText('after', '\nExample:\n  $ wand runs yellow_taxi --state failed');
  runs<{ state?: RunStatus; limit: string }>(command, ({ arguments: [name], options }) =>
    withClient(async (client) => {
      await ensureWorkerForOpenRuns(client);
      const chosen = name ? openPipeline(name, options.directory) : null;
      const found = await listRuns(client.store.pool, {
        projectPath: chosen?.project.path,
        pipeline: chosen?.pipeline.uuid,
        status: options.state,
        limit: Math.max(1, Number.parseInt(options.limit, 10) || 50),
      });
      if (options.json) return printJson({ version: 1, runs: found.map(shapeOfRun) });
      process.stdout.write(
        textTable(
          [
            { title: 'run', align: 'right' },
            { title: 'pipeline' },
            { title: 'status' },
            { title: 'started' },
            { title: 'duration', align: 'right' },
            { title: 'trigger' },
          ],
          found.map((run) => [
            run.id,
            `${run.project}/${run.pipeline ?? '(file)'}`,
            `${statusGlyph[run.status]} ${run.status}`,
            run.startedAt ?? '',
            formatDuration(duration(run)),
            run.trigger,
          ]),
        ),
      );
    }),
  );
};
