/** A datetime among a block's variables, as JSON: Python gets a datetime, SQL its text, TypeScript a Date. */
export type DatetimeVariable = { $datetime: string };

export type VariableSources = {
  pipeline: Record<string, unknown>;
  run: Record<string, unknown>;
  executionDate: Date;
  runId: string;
  trigger: string;
};

/**
 * Variables of a block in a run, merged as a scheduled run of Mage does (mage-format.md 7.1): pipeline < run, then the forced ones.
 * Dates are UTC.
 */
export const blockVariables = ({ pipeline, run, executionDate, runId, trigger }: VariableSources) => {
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
    interval_start_datetime: run.interval_start_datetime ?? datetime(executionDate),
    interval_end_datetime: run.interval_end_datetime ?? null,
    interval_seconds: run.interval_seconds ?? null,
    interval_start_datetime_previous: run.interval_start_datetime_previous ?? null,
  } satisfies Record<string, unknown>;
};

/** Offset written out, as Python's fromisoformat of 3.10 wants it. */
const datetime = (date: Date): DatetimeVariable => ({ $datetime: date.toISOString().replace('Z', '+00:00') });
