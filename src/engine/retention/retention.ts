import type { Store } from '../../store/open-store.ts';
import { hostIdentity } from '../host-identity.ts';
import { type GivenReport, removeGiven } from './given.ts';
import { type LogsReport, removeLogs } from './logs.ts';
import { type MarkersReport, removeMarkers } from './markers.ts';
import { type OutputsReport, removeOutputs, removeSentFiles } from './outputs.ts';
import { type RetentionSettings, retentionSettings } from './settings.ts';

export type RetentionReport = {
  host: string;
  dryRun: boolean;
  settings: RetentionSettings;
  outputs: OutputsReport;
  logs: LogsReport;
  /** Tables made of files that runs were given by hand. */
  given: GivenReport;
  /** Of runs that have ended, in the databases of the data. */
  markers: MarkersReport;
  /** Bytes of outputs that had been sent to other hosts through Postgres. */
  sentBytes: number;
};

/** Removes outputs on this host, and logs, that are too old or too much; with `dryRun` only says what it would remove. */
export const applyRetention = async (
  store: Store,
  { dryRun = false, environment = process.env }: { dryRun?: boolean; environment?: NodeJS.ProcessEnv } = {},
): Promise<RetentionReport> => {
  const settings = retentionSettings(environment);
  return {
    host: hostIdentity(),
    dryRun,
    settings,
    outputs: await removeOutputs(store, settings.outputs, dryRun),
    logs: await removeLogs(store, settings.logs, dryRun),
    given: await removeGiven(store, settings.outputs, dryRun),
    markers: await removeMarkers(store, dryRun),
    sentBytes: await removeSentFiles(store, dryRun),
  };
};

/** The same if it was not done on this host in the last hour; null if it was. Only one of the host's workers gets to do it. */
export const applyRetentionHourly = async (store: Store): Promise<RetentionReport | null> => {
  const { rowCount } = await store.pool.query(
    `insert into wand.retention as r (host) values ($1)
     on conflict (host) do update set begun_at = clock_timestamp() where r.begun_at < clock_timestamp() - interval '1 hour'`,
    [hostIdentity()],
  );
  if (rowCount === 0) return null;
  const report = await applyRetention(store);
  await store.pool.query('update wand.retention set report = $2 where host = $1', [
    hostIdentity(),
    JSON.stringify(report),
  ]);
  return report;
};

/** One line for the worker's log; null if nothing went. */
export const retentionSentence = ({
  outputs,
  logs,
  given,
  markers,
  sentBytes,
  dryRun,
}: RetentionReport): string | null => {
  const gone = outputs.runs.length + logs.runs.length + outputs.copies + given.files + markers.markers;
  if (gone === 0 && sentBytes === 0) return null;
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  return (
    `retention ${dryRun ? 'would remove' : 'removed'} outputs of ${outputs.runs.length} runs (${megabytes(outputs.bytes)}), ` +
    `logs of ${logs.runs.length} runs (${megabytes(logs.bytes)}), ${megabytes(sentBytes)} that were sent to other hosts, ` +
    `${given.files} given inputs (${megabytes(given.bytes)}), ${markers.markers} markers in ${markers.databases} databases; ` +
    `${megabytes(outputs.keptBytes)} of outputs and ${megabytes(logs.keptBytes)} of logs are kept`
  );
};
