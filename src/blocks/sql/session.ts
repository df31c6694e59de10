import type { Client } from 'pg';
import type { BlockContext } from '../../model/block-task.ts';
import type { ConnectionConfig } from '../../model/connection-config.ts';
import { connectClient } from '../../postgres/connect.ts';
import { quoteLiteral } from '../../postgres/identifiers.ts';
import { messageOf, WandError } from '../../problem/wand-error.ts';
import { commitUnknown } from '../marker/marked-transaction.ts';
import { giveBack, takeConnection } from './warm-connections.ts';

/** The block was cancelled, timed out, or its worker lost its lease; what it had not committed is undone. */
export class CancelledError extends Error {}

/**
 * A connection for one block: notices become log lines, and an abort cancels what runs on it. `work` ends before this
 * does, also when it is cancelled, so that nothing of the block is still at work afterwards. Only a connection on which all
 * went well serves another block; `work` tells the server by `hello` whose session it is, with its first message.
 */
export const withSession = async <Result>(
  context: BlockContext,
  config: ConnectionConfig,
  work: (client: Client, hello: string) => Promise<Result>,
): Promise<Result> => {
  if (context.signal.aborted) throw cancelled(context.signal);
  const client = await takeConnection(config);
  const onNotice = (notice: Notice): void => context.log(noticeLine(notice));
  client.on('notice', onNotice);
  const watch = watchAbort(context, config, client);
  let isGood = false;
  try {
    const result = await work(client, `SET application_name = ${quoteLiteral(applicationName(context))}`);
    isGood = !context.signal.aborted;
    return result;
  } catch (error) {
    // Whether a commit took effect matters more than why its answer was lost.
    const unknown = error instanceof WandError && error.code === commitUnknown;
    throw context.signal.aborted && !unknown ? cancelled(context.signal) : error;
  } finally {
    await watch.stop();
    client.off('notice', onNotice);
    if (isGood && !context.signal.aborted) giveBack(config, client);
    else await client.end().catch(() => undefined);
  }
};

// Shown in pg_stat_activity, and cut there at 63 bytes.
const applicationName = ({ task }: BlockContext): string => `wand run ${task.runId} ${task.blockUuid}`;

const cancelled = (signal: AbortSignal): CancelledError => {
  const reason = signal.reason instanceof Error && signal.reason.name !== 'AbortError' ? signal.reason.message : null;
  return new CancelledError(reason ?? 'the block was cancelled');
};

type Notice = { severity?: string; message?: string };

const noticeLine = ({ severity, message }: Notice): Parameters<BlockContext['log']>[0] => ({
  level: severity === 'WARNING' ? 'warning' : severity === 'DEBUG' ? 'debug' : 'info',
  source: 'log',
  text: `${severity ?? 'NOTICE'}: ${message ?? ''}`,
});

/** A cancel that arrives between two statements has no effect, so it is sent again until the block has ended. */
const cancelAgainMs = 200;
/** Code that swallows cancels, such as a function with EXCEPTION WHEN OTHERS: its session is ended. */
const terminateAfterMs = 5_000;

const watchAbort = (context: BlockContext, config: ConnectionConfig, client: Client): { stop(): Promise<void> } => {
  const { signal, log } = context;
  let over = false;
  let canceller = Promise.resolve();
  const onAbort = (): void => {
    canceller = cancelUntil(() => over, config, client).catch((error: unknown) => {
      log({ level: 'warning', source: 'wand', text: `could not cancel over a second connection: ${messageOf(error)}` });
      // The server notices a closed socket within client_connection_check_interval.
      destroySocket(client);
    });
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return {
    stop: async () => {
      over = true;
      signal.removeEventListener('abort', onAbort);
      await canceller;
    },
  };
};

const cancelUntil = async (isOver: () => boolean, config: ConnectionConfig, client: Client): Promise<void> => {
  const pid = (client as unknown as { processID: number }).processID;
  const second = await connectClient(config, { applicationName: 'wand cancel' });
  try {
    const terminateAt = Date.now() + terminateAfterMs;
    while (!isOver()) {
      const action = Date.now() < terminateAt ? 'pg_cancel_backend' : 'pg_terminate_backend';
      await second.query(`SELECT ${action}($1)`, [pid]);
      await new Promise((resolve) => setTimeout(resolve, isOver() ? 0 : cancelAgainMs));
    }
  } finally {
    await second.end().catch(() => undefined);
  }
};

const destroySocket = (client: Client): void => {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
};
