/** A datetime among a block's variables, as JSON: Python gets a datetime, SQL its text, TypeScript a Date. */
export type DatetimeVariable = { $datetime: string };

export type VariableSources = {
  pipeline: Record<string, unknown>;
  run: Record<string, unknown>;
  executionDate: Date;
  runId: string;
  trigger: string;
  /** A run that code or an API call made: it has no interval (mage-format.md 7.1). */
  api?: boolean;
};

/**
 * Variables of a block in a run, merged as a scheduled run of Mage does (mage-format.md 7.1): pipeline < run, then the forced ones.
 * Dates are UTC.
 */
export const blockVariables = ({ pipeline, run, executionDate, runId, trigger, api = false }: VariableSources) => {
  const iso = executionDate.toISOString();
  const stamp = iso.slice(0, 19).replaceAll('-', '').replaceAll(':', '');
  return {
    ...pipeline,
    ...run,
    ds: iso.slice(0, 10),
    hr: iso.slice(11, 13),
    env: 'prod',
    event: {},
    execution_date: datetime(executionDate),
    execution_partition: run.execution_partition ?? `${runId}/${stamp}`,
    pipeline_run_id: Number(runId),
    trigger_name: trigger,
    ...(api && run.interval_start_datetime === undefined ? {} : intervalOf(run, executionDate)),
  } satisfies Record<string, unknown>;
};

/** Given with the run by a schedule or a backfill, dates as ISO texts; a run of no schedule has its start only. */
const intervalOf = (run: Record<string, unknown>, executionDate: Date): Record<string, unknown> => ({
  interval_start_datetime: datetimeOf(run.interval_start_datetime) ?? datetime(executionDate),
  interval_end_datetime: datetimeOf(run.interval_end_datetime) ?? null,
  interval_seconds: run.interval_seconds ?? null,
  interval_start_datetime_previous: datetimeOf(run.interval_start_datetime_previous) ?? null,
});

const datetimeOf = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  // Without an offset it is UTC, as all of Mage's.
  const date = new Date(/[zZ]|[+-]\d\d:?\d\d$/.test(value) ? value : `${value.replace(' ', 'T')}Z`);
  return Number.isNaN(date.getTime()) ? value : datetime(date);
};

/** Offset written out, as Python's fromisoformat of 3.10 wants it. */
const datetime = (date: Date): DatetimeVariable => ({ $datetime: date.toISOString().replace('Z', '+00:00') });
