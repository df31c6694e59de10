import type pg from 'pg';

/** Names of the NOTIFY channels; payloads are short texts. */
export const channels = {
  /** Something in a run changed; payload: run id. */
  run: 'wand_run',
  /** New log lines; payload: run id. */
  log: 'wand_log',
  /** A queue has a block for a taker; payload: queue name. */
  ready: 'wand_ready',
  /** A run was cancelled or failed: stop what still works for it; payload: run id. */
  stop: 'wand_stop',
  /** A file is wanted of a host, or stored by it; payload: `want HOST` or `there HOST`. */
  output: 'wand_output',
  /** A worker came or went; payload: worker id. */
  worker: 'wand_worker',
} as const;

export type Channel = (typeof channels)[keyof typeof channels];

export const notify = async (client: pg.ClientBase | pg.Pool, channel: Channel, payload: string): Promise<void> => {
  await client.query('select pg_notify($1, $2)', [channel, payload]);
};
