import type { Store } from '../store/open-store.ts';

/** What a worker has to look after now, beside the blocks that it is told of. */
export type Due = {
  /** Runs have had their time. */
  timed: boolean;
  /** Runs wait for the end of others. */
  waits: boolean;
  /** Another host has asked this one for an output. */
  outputs: boolean;
  /** Callbacks are owed that nobody calls. */
  owed: boolean;
  /** Runs are open, so that blocks may wait in a queue. */
  open: boolean;
};

/** Asked twice a second, so all in one trip with a plan made once: five questions of their own were half of an idle worker's work. */
export const whatIsDue = async (store: Store, host: string): Promise<Due> => {
  const { rows } = await store.pool.query<Due>({
    name: 'what_is_due',
    text: `select exists (select from wand.run where time_limit is not null and status = 'running'
         and started_at + make_interval(secs => time_limit) < clock_timestamp()) as timed,
       exists (select from wand.run where waits and status = 'initial') as waits,
       exists (select from wand.output_request where host = $1) as outputs,
       exists (select from wand.callback where finished_at is null and worker is null) as owed,
       exists (select from wand.run where status in ('initial', 'running')) as open`,
    values: [host],
  });
  return rows[0]!;
};
