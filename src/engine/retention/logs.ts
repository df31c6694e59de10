import type { Store } from '../../store/open-store.ts';
import { choose } from './choose.ts';
import { runFacts } from './run-facts.ts';
import type { Limits } from './settings.ts';

export type LogsReport = { runs: string[]; bytes: number; keptBytes: number };

/** Removes the log lines of old runs; the runs stay. */
export const removeLogs = async (store: Store, limits: Limits, dryRun: boolean): Promise<LogsReport> => {
  const { rows } = await store.pool.query<{ run: string; bytes: number }>(
    `select run_id::text as run, sum(pg_column_size(lines))::float8 as bytes from wand.log_chunk group by run_id`,
  );
  const facts = await runFacts(
    store,
    rows.map(({ run }) => run),
  );
  const logs = rows.map((row) => ({ ...row, ...(facts.get(row.run) ?? { ageDays: 0, isKept: true }) }));
  const gone = choose(logs, limits);
  if (!dryRun) {
    // One by one: a long statement would keep the space of all of them from being used again.
    for (const { run } of gone) {
      await store.pool.query(
        `with marked as (update wand.run set logs_removed_at = clock_timestamp() where id = $1)
         delete from wand.log_chunk where run_id = $1`,
        [run],
      );
    }
  }
  const bytes = gone.reduce((sum, log) => sum + log.bytes, 0);
  return { runs: gone.map(({ run }) => run), bytes, keptBytes: logs.reduce((sum, log) => sum + log.bytes, 0) - bytes };
};
