import type { Client } from 'pg';
import type { BlockContext } from '../../model/block-task.ts';
import { lockKey, type MarkedWork } from '../marker/marked-transaction.ts';
import type { RawScript, ScriptStatement } from './raw-script.ts';

/**
 * Runs a script that ends transactions itself, or has a statement that refuses to be in one. As with Mage's driver, a
 * transaction is begun before each statement that finds none, and the last one is committed at the end; before a statement
 * that refuses one it is committed. No marker can promise exactly-once here, and the log says so; a lost predecessor is
 * still waited for.
 */
export const withOwnTransactions = async (
  context: BlockContext,
  client: Client,
  script: RawScript,
  work: (between: (statement: ScriptStatement) => Promise<void>) => Promise<MarkedWork>,
): Promise<MarkedWork> => {
  const text = `own-transactions: because of ${script.ownTransactions} this block is not one transaction: after a crash it may have run in part, or run twice`;
  context.log({ level: 'warning', source: 'wand', text });
  const key = lockKey(context.task.marker);
  await client.query(`SELECT pg_advisory_lock(${key})`);
  try {
    const done = await work((statement) => prepare(client, statement));
    if (isOpen(client)) await client.query('COMMIT');
    return done;
  } catch (error) {
    if (isOpen(client)) await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    await client.query(`SELECT pg_advisory_unlock(${key})`).catch(() => undefined);
  }
};

const prepare = async (client: Client, { kind }: ScriptStatement): Promise<void> => {
  if (kind.refusesTransaction && isOpen(client)) await client.query('COMMIT');
  if (!kind.refusesTransaction && !kind.control && !isOpen(client)) await client.query('BEGIN');
};

/** From the server's last ReadyForQuery: I idle, T in a transaction, E in a failed one. */
const isOpen = (client: Client): boolean =>
  (client as unknown as { getTransactionStatus(): string | null }).getTransactionStatus() !== 'I';
