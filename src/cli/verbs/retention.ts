import type { Command } from 'commander';
import { applyRetention, type RetentionReport } from '../../engine/retention/retention.ts';
import type { Limits } from '../../engine/retention/settings.ts';
import { printJson, textTable } from '../print-table.ts';
import { retentionShape } from '../shapes/retention.ts';
import { runs } from '../verb.ts';
import { withClient } from '../with-client.ts';

/** `wand retention [--dry-run]`: removes old outputs of this host and old logs, as background workers do once an hour. */
export const addRetentionVerb = (program: Command): void => {
  const command = program
    .command('retention')
    .description(
      'remove old outputs and logs now, as workers do once an hour; the last completed run of each pipeline stays',
    )
    .option('--dry-run', 'only say what would go')
    .addHelpText('after', '\nExample:\n  $ WAND_KEEP_OUTPUTS_DAYS=7 wand retention --dry-run');
  runs<{ dryRun?: boolean }>(command, ({ options }) =>
    withClient(async (client) => {
      const report = await applyRetention(client.store, { dryRun: options.dryRun ?? false });
      if (options.json) return printJson(retentionShape.parse(shapeOf(report)));
      process.stdout.write(table(report));
    }),
  );
};

const shapeOf = ({ host, dryRun, settings, outputs, logs, given, markers, sentBytes }: RetentionReport) => ({
  version: 1,
  host,
  dry_run: dryRun,
  settings,
  outputs: { runs: outputs.runs, bytes: outputs.bytes, kept_bytes: outputs.keptBytes, copies: outputs.copies },
  logs: { runs: logs.runs, bytes: logs.bytes, kept_bytes: logs.keptBytes },
  given,
  markers,
  sent_bytes: sentBytes,
});

const table = ({ host, dryRun, settings, outputs, logs, given, markers, sentBytes }: RetentionReport): string => {
  const row = (what: string, limits: Limits, { runs: gone, bytes, keptBytes }: RetentionReport['logs']): string[] => [
    what,
    limits.days === null ? 'all' : `${limits.days} days`,
    limits.bytes === null ? 'all' : gigabytes(limits.bytes),
    String(gone.length),
    gigabytes(bytes),
    gigabytes(keptBytes),
  ];
  const text = textTable(
    [
      { title: 'what' },
      { title: 'kept for' },
      { title: 'up to' },
      { title: dryRun ? 'runs that would go' : 'runs that went', align: 'right' },
      { title: 'size', align: 'right' },
      { title: 'kept', align: 'right' },
    ],
    [row(`outputs on ${host}`, settings.outputs, outputs), row('logs', settings.logs, logs)],
  );
  const further = [
    ...(sentBytes > 0 ? [`${gigabytes(sentBytes)} of outputs that had been sent to other hosts`] : []),
    ...(given.files > 0 ? [`${given.files} given inputs, ${gigabytes(given.bytes)}`] : []),
    ...(markers.markers > 0 ? [`${markers.markers} markers of ended runs in ${markers.databases} databases`] : []),
    ...(markers.unreachable > 0 ? [`${markers.unreachable} databases did not answer: their markers stay`] : []),
  ];
  return `${text}${further.map((line) => `${line}\n`).join('')}`;
};

const gigabytes = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
