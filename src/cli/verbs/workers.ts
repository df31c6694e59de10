import type { Command } from 'commander';
import { visibleText } from '../../draw/visible-text.ts';
import { listWorkers } from '../../engine/client/list-workers.ts';
import { printJson, textTable } from '../print-table.ts';
import { runs } from '../verb.ts';
import { withClient } from '../with-client.ts';

/** `wand workers`: who is alive, on what, since when. */
export const addWorkersVerb = (program: Command): void => {
  const command = program
    .command('workers')
    .description('list the living workers')
    .addHelpText('after', '\nExample:\n  $ wand workers --json');
  runs(command, ({ options }) =>
    withClient(async (client) => {
      const workers = await listWorkers(client);
      if (options.json) {
        return printJson({
          version: 1,
          workers: workers.map(
            ({ id, host, pid, state, foreground, startedAt, lastSeenAt, tags, version, blocks }) => ({
              id,
              host,
              pid,
              state,
              foreground,
              version,
              started_at: startedAt,
              last_seen_at: lastSeenAt,
              tags,
              blocks,
            }),
          ),
        });
      }
      process.stdout.write(
        textTable(
          [
            { title: 'worker' },
            { title: 'host' },
            { title: 'pid', align: 'right' },
            { title: 'state' },
            { title: 'since' },
            { title: 'last seen' },
            { title: 'tags' },
            { title: 'version' },
            { title: 'blocks' },
          ],
          workers.map((worker) => [
            worker.id.slice(0, 8),
            visibleText(worker.host),
            String(worker.pid),
            worker.foreground ? `${worker.state}, foreground` : worker.state,
            worker.startedAt,
            worker.lastSeenAt,
            worker.tags.map(visibleText).join(', '),
            worker.version,
            worker.blocks.map(visibleText).join(', '),
          ]),
        ),
      );
    }),
  );
};
